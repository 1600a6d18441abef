"""A local server that misbehaves on request, and made-up data sets whose files it serves."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
import threading
import time
import zipfile
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from foedus.data import reading
from foedus.data.reading import Column
from foedus.data.sources import SOURCES
from foedus.data.spec import DataSource, Route, SourceSpec

IDS = ("fake_a", "fake_b", "fake_c", "fake_d", "fake_hand", "other_z")
ROWS = 2500
COLUMNS = (Column("code", "int", "", "1..", "", "", "made up"), Column("year", "int", "", "1816..", "", "", "made up"))


def content(name, rows=ROWS, first=1816):
    """Return the file of a made-up data set; its bytes do not compress to nothing."""
    start = IDS.index(name) + 1
    lines = (f"{(start * 7919 * (k + 1)) % 99991 + 1},{first + k % 200}" for k in range(rows))
    return ("code,year\n" + "\n".join(lines) + "\n").encode()


def tarball(members, *, top="package-1", extra=()):
    """Return a tar.gz of files by path, and of further TarInfo objects."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as tar:
        for info, data in extra:
            tar.addfile(info, io.BytesIO(data) if data else None)
        for path, data in members.items():
            info = tarfile.TarInfo(f"{top}/{path}" if top else path)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return gzip.compress(plain.getvalue(), mtime=0)


def zipped(members):
    """Return a zip of files by path."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, data in members.items():
            packed.writestr(path, data)
    return out.getvalue()


def parse(name):
    """Return the reader of a made-up data set."""

    def read(path):
        import polars as pl

        return reading.conform(pl.read_csv(path), name)

    return read


def spec(name, routes, **more):
    data = content(name)
    given = {
        "id": name, "title": f"Made up {name}", "publisher": "Nobody", "url": "https://example.org/", "version": "1.0", "filename": f"{name}.csv",
        "sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "licence": "free", "citation": f"Nobody. {name}.", "first_year": 1816,
        "last_year": 2015, "absence": "unknown", "routes": routes, "year_columns": ("year",), "units": "rows",
        "bibtex": f"@misc{{{name},\n  title = {{Made up}}\n}}",
    }  # fmt: skip
    return SourceSpec(**(given | more))


def declare(base):
    """Return the made-up data sets: three in one tarball, one file by itself, one in a zip, one by hand only."""
    specs = [spec(n, (Route(f"{base}/pack.tar.gz", f"data/{n}.csv"),)) for n in IDS[:3]]
    specs += [
        spec("fake_d", (Route(f"{base}/fake_d.csv"),)),
        spec("fake_hand", (), by_hand="its site asks for a name"),
        spec("other_z", (Route(f"{base}/pack.zip", "other_z.csv"),)),
    ]
    return {s.id: DataSource(s, parse(s.id)) for s in specs}


def install(base, put=setattr):
    """Make the made-up data sets the only ones."""
    real = reading.schema
    put(reading, "schema", lambda table: COLUMNS if table in IDS else real(table))
    put(SOURCES, "loaded", declare(base))
    put(SOURCES, "_names", list(IDS))


class Server:
    """Serves ``files`` by path; ``plan[path]`` holds what the next requests of a path meet instead, first first.

    A plan is a name of a method of `_Answer`, or a callable that is given the handler and the body.
    """

    def __init__(self, delay=0.0):
        self.files = {
            "/pack.tar.gz": tarball({f"data/{n}.csv": content(n) for n in IDS[:3]} | {"DESCRIPTION": b"x" * 500}),
            "/fake_d.csv": content("fake_d"),
            "/pack.zip": zipped({"folder/other_z.csv": content("other_z"), "folder/readme.txt": b"read me"}),
        }
        self.plan, self.asked, self.delay = {}, [], delay
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (_Answer,), {"server_": self}))
        self.http.daemon_threads = True
        self.http.handle_error = lambda *_: None  # type: ignore[method-assign]  # clients that hang up
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}"
        self.stopped = threading.Event()
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()

    def requests(self, path):
        """Return the headers of the requests of a path."""
        return [headers for asked, headers in self.asked if asked == path]

    def close(self):
        self.stopped.set()
        self.http.shutdown()
        self.http.server_close()


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_: Server

    def log_message(self, *_):
        pass

    def do_GET(self):
        with suppress(ConnectionError):
            self.server_.asked.append((self.path, dict(self.headers)))
            planned = self.server_.plan.get(self.path, [])
            act = planned.pop(0) if planned else "serve"
            body = self.server_.files.get(self.path)
            if body is None:
                self.status(404)
            elif callable(act):
                act(self, body)
            else:
                getattr(self, act)(body)

    def head(self, code, length, **headers):
        self.send_response(code)
        given = {"Content-Type": "application/octet-stream", "ETag": '"one"'} | {
            k.replace("_", "-"): v for k, v in headers.items()
        }
        for name, value in given.items():
            if value:
                self.send_header(name, value)
        if length is not None:
            self.send_header("Content-Length", str(length))
        else:
            self.close_connection = True
            self.send_header("Connection", "close")
        self.end_headers()

    def status(self, code, **headers):
        self.head(code, 0, ETag="", **headers)

    def hang_up(self):
        self.wfile.flush()
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(2)

    def serve(self, body):
        start = 0
        if "Range" in self.headers and self.headers.get("If-Range") == '"one"':
            start = int(self.headers["Range"].removeprefix("bytes=").removesuffix("-"))
            if start >= len(body):
                self.status(416)
                return
            self.head(206, len(body) - start, Content_Range=f"bytes {start}-{len(body) - 1}/{len(body)}")
        else:
            self.head(200, len(body))
        for k in range(start, len(body), 512):
            self.wfile.write(body[k : k + 512])
            if self.server_.delay:
                self.wfile.flush()
                time.sleep(self.server_.delay)

    def drop(self, body):
        self.head(200, len(body))
        self.wfile.write(body[:9000])
        self.hang_up()

    def drop_untagged(self, body):
        self.head(200, len(body), ETag="")
        self.wfile.write(body[:9000])
        self.hang_up()

    def drop_weak(self, body):
        self.head(200, len(body), ETag='W/"one"', Last_Modified="Wed, 01 Jan 2020 00:00:00 GMT")
        self.wfile.write(body[:9000])
        self.hang_up()

    def drop_chunked(self, body):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"100\r\n" + body[:256] + b"\r\n")
        self.hang_up()

    def wrong_start(self, body):
        self.head(200, len(body))
        self.wfile.write(b"?" * 9000)
        self.hang_up()

    def changed(self, body):
        self.head(200, len(body), ETag='"two"')
        self.wfile.write(body)

    def other_range(self, body):
        self.head(206, len(body) - 5, Content_Range=f"bytes 5-{len(body) - 1}/{len(body)}")
        self.wfile.write(body[5:])

    def not_satisfiable(self, _):
        self.status(416)

    def stall(self, body):
        self.head(200, len(body))
        self.wfile.write(body[:20_000])
        self.wfile.flush()
        self.server_.stopped.wait(3)

    def silent(self, _):
        self.server_.stopped.wait(3)
        self.close_connection = True

    def error_500(self, _):
        self.status(500)

    def busy(self, _):
        self.status(429, Retry_After="1")

    def busy_until_2020(self, _):
        self.status(503, Retry_After="Wed, 01 Jan 2020 00:00:00 GMT")

    def busy_with_noise(self, _):
        self.status(503, Retry_After="soon")

    def busy_for_an_hour(self, _):
        self.status(429, Retry_After="3600")

    def gone(self, _):
        self.status(404)

    def page(self, _):
        text = b"<html><body>Please accept our cookies</body></html>"
        self.head(200, len(text), Content_Type="text/html; charset=utf-8")
        self.wfile.write(text)

    def disguised_page(self, _):
        text = b"\n<!DOCTYPE html><html><body>Log in</body></html>"
        self.head(200, len(text))
        self.wfile.write(text)

    def endless(self, _):
        self.head(200, None)
        block = b"1,1900\n" * 9000
        while not self.server_.stopped.is_set():
            self.wfile.write(block)

    def announces_too_much(self, _):
        self.head(200, 10**12)
        self.wfile.write(b"x" * 100)

    def announces_more(self, body):
        self.head(200, len(body) + 1000, ETag="")
        self.wfile.write(body)
        self.hang_up()

    def gzipped(self, body):
        packed = gzip.compress(body)
        self.head(200, len(packed), Content_Encoding="gzip")
        self.wfile.write(packed)

    def redirect(self, _):
        self.status(302, Location="/moved.csv")
