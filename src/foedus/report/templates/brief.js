"use strict";
(function () {
  var root = document.documentElement, most = 12;
  var dark = function () {
    return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  };
  var theme = document.getElementById("theme");
  var name = function () { theme.textContent = dark() ? "Light page" : "Dark page"; };
  theme.hidden = false;
  name();
  theme.addEventListener("click", function () { root.dataset.theme = dark() ? "light" : "dark"; name(); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", name);

  var fold = function (table) {
    var open = table.dataset.open === "yes" || table.tBodies[0].rows.length <= 25;
    Array.prototype.forEach.call(table.tBodies[0].rows, function (row, k) { row.hidden = !open && k >= most; });
  };
  var value = function (row, k) {
    var cell = row.cells[k], sort = cell.dataset.sort;
    if (sort === undefined) { return null; }
    return cell.classList.contains("n") ? parseFloat(sort) : sort;
  };
  document.querySelectorAll("table").forEach(function (table) {
    fold(table);
    table.querySelectorAll("thead th").forEach(function (head, k) {
      var button = document.createElement("button");
      button.type = "button";
      while (head.firstChild) { button.appendChild(head.firstChild); }
      head.appendChild(button);
      button.addEventListener("click", function () {
        var number = head.classList.contains("n");
        var down = head.hasAttribute("aria-sort") ? head.getAttribute("aria-sort") === "ascending" : number;
        table.querySelectorAll("thead th").forEach(function (h) { h.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        var rows = Array.prototype.slice.call(table.tBodies[0].rows);
        rows.sort(function (a, b) {
          var x = value(a, k), y = value(b, k);
          if (x === null || y === null) { return (x === null) - (y === null); }
          var order = typeof x === "number" ? x - y : x.localeCompare(y);
          return down ? -order : order;
        });
        rows.forEach(function (row) { table.tBodies[0].appendChild(row); });
        fold(table);
      });
    });
  });
  document.querySelectorAll("button.more").forEach(function (button) {
    var table = document.getElementById(button.getAttribute("aria-controls")), all = table.tBodies[0].rows.length;
    var say = function () {
      var open = table.dataset.open === "yes";
      button.textContent = open ? "Show the first " + most + " rows" : "Show all " + all + " rows";
      button.setAttribute("aria-expanded", String(open));
    };
    button.hidden = false;
    say();
    button.addEventListener("click", function () { table.dataset.open = table.dataset.open === "yes" ? "no" : "yes"; fold(table); say(); });
  });
})();
