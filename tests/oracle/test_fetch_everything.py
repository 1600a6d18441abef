"""From an empty folder to an answer: the published files are fetched from a local server in the archives in which they travel, then all is offline."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, unquote

import pytest
import requests

from foedus.data.fetch import fetch
from foedus.data.sources import SOURCES
from foedus.data.store import DataDir

pytestmark = pytest.mark.realdata
# Half a minute to parse, and like the others.
SLOW = {"tergm_alliances", "tergm_nodes", "tergm_contiguity", "tergm_disputes", "tergm_lagged"}


def archive(url, members):
    """Return a file of the kind that an address serves, with these members."""
    out = io.BytesIO()
    if list(members) == [""]:
        return members[""]
    if url.endswith(".zip"):
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
            for path, data in members.items():
                packed.writestr(path, data)
        return out.getvalue()
    with tarfile.open(fileobj=out, mode="w:gz", compresslevel=1) as tar:
        for path, data in members.items():
            info = tarfile.TarInfo(f"top/{path}")
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return out.getvalue()


@pytest.fixture(scope="module")
def publishers(realdata_dir):
    """Serve every fetchable file from its first address; return the names of the data sets and a session that is led to this server."""
    data = DataDir(realdata_dir)
    names = [s for s in SOURCES if SOURCES[s].spec.routes and s not in SLOW and data.find(s)]
    files = {}
    for name in names:
        route = SOURCES[name].spec.routes[0]
        files.setdefault(route.url, {})[route.member] = data.find(name).read_bytes()
    served = {url: archive(url, members) for url, members in files.items()}

    class Publisher(BaseHTTPRequestHandler):
        def do_GET(self):
            body = served.get(unquote(self.path.removeprefix("/")))
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Type", "application/octet-stream")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Publisher)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    class Led(requests.adapters.HTTPAdapter):
        def send(self, request, **more):
            request.url = f"http://127.0.0.1:{server.server_port}/{quote(request.url, safe='')}"
            return super().send(request, **more)

    session = requests.Session()
    session.trust_env = False
    for scheme in ("https://", "http://"):
        session.mount(scheme, Led())
    yield names, session
    session.close()
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def fetched(publishers, tmp_path_factory):
    names, session = publishers
    folder = tmp_path_factory.mktemp("store") / "data"
    done = fetch(names, accept=True, data_dir=folder, session=session)
    assert sorted(done.records) == sorted(names)
    assert len(names) > 70
    return folder


def test_every_fetched_table_is_the_one_read_from_the_files(fetched, publishers, realdata_dir):
    names, _ = publishers
    store, files = DataDir(fetched), DataDir(realdata_dir)
    assert {c.status for c in store.verify()} == {"ok"}
    assert all(store.provenance(n).recognised for n in names)
    for name in ("cow_nmc", "atop5_1m", "gml_dirdisp", "archigos", "ucdp_conflicts", "midb"):
        assert store.table(name).equals(files.table(name))
        assert store.scan(name).collect().equals(files.table(name))


@pytest.mark.parametrize(
    "command",
    [
        ["data", "verify"], ["data", "list"], ["data", "coverage", "cow_nmc"], ["data", "cite", "cow_nmc"], ["data", "where", "cow_nmc"],
        ["data", "query", "SELECT ccode, cinc FROM cow_nmc WHERE year = 1914 ORDER BY cinc DESC LIMIT 3"], ["who", "PRUSSIA", "1860"],
        ["build", "dyad-year", "--from", "1914", "--to", "1914", "--add", "nmc,atop,gml-mid"], ["brief", "--in", "1914-07-28", "--draws", "200"],
        ["blocs", "--in", "1914"], ["bound", "GMY", "BEL", "--in", "1914-08-03"],
    ],
    ids=lambda c: " ".join(c[:3]),
)  # fmt: skip
def test_every_command_then_works_offline_from_the_store(command, fetched, tmp_path):
    proxy = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
    env = {**os.environ, **proxy, "FOEDUS_DATA": str(fetched), "FOEDUS_CACHE": str(tmp_path / "cache")}
    out = subprocess.run(
        [sys.executable, "-m", "foedus", *command],
        env=env,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert out.returncode == 0, out.stderr[-2000:]
    assert out.stdout.strip()
