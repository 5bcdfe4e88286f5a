"""A server that speaks enough of the Hub's language to hand out one repository at one commit, and to take files."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

REPO, REVISION = "someone/explorer", "0123456789abcdef0123456789abcdef01234567"
FOREVER = 600


@dataclass
class Hub:
    """A Hub, and how it behaves: "well", "hang" or "trickle" until it is `released`, or a status for every answer."""

    folder: Path
    behaviour: str | int = "well"
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    url: str = ""
    released: threading.Event = field(default_factory=threading.Event)
    blobs: dict[str, bytes] = field(default_factory=dict)  # large files that were uploaded, by their sha256
    breaks_after: int = 10**6  # large files that are taken before the line breaks
    tokens: set[str | None] = field(default_factory=set)

    def posted(self, path: str, body: bytes) -> dict | None:
        """Answer to a question with a body, by its path."""
        if path.endswith("/info/lfs/objects/batch"):
            return {"objects": [self.wanted(each) for each in json.loads(body)["objects"]]}
        answers = {
            "/api/repos/create": lambda: {"url": f"{self.url}/{REPO}"},
            "/api/validate-yaml": lambda: {"errors": [], "warnings": []},
            f"/api/models/{REPO}/preupload/main": lambda: {
                "files": [modes(each) for each in json.loads(body)["files"]]
            },
            f"/api/models/{REPO}/commit/main": lambda: self.committed(body),
            f"/api/models/{REPO}/paths-info/{REVISION}": lambda: self.paths(parse_qs(body.decode())["paths"]),
        }
        return answers[path]() if path in answers else None

    def paths(self, paths: list[str]) -> list[dict]:
        """Facts of files by the Hub: the size of each, and the sha256 of a large one."""
        found = [(path, (self.folder / path).read_bytes()) for path in paths if (self.folder / path).is_file()]
        return [
            {"type": "file", "path": path, "size": len(raw), "oid": path}
            | {"lfs": {"oid": hashlib.sha256(raw).hexdigest(), "size": len(raw), "pointerSize": 130}}
            for path, raw in found
        ]

    def wanted(self, each: dict) -> dict:
        """Address to which a large file is sent, unless it is here."""
        to = {"actions": {"upload": {"href": f"{self.url}/lfs/{each['oid']}"}}} if each["oid"] not in self.blobs else {}
        return {"oid": each["oid"], "size": each["size"]} | to

    def committed(self, body: bytes) -> dict:
        """Write the files of a commit."""
        for line in map(json.loads, body.splitlines()):
            if line["key"] != "header":
                path = self.folder / line["value"]["path"]
                path.parent.mkdir(parents=True, exist_ok=True)
                small = line["key"] == "file"
                path.write_bytes(
                    base64.b64decode(line["value"]["content"]) if small else self.blobs[line["value"]["oid"]]
                )
        return {"commitUrl": f"{self.url}/{REPO}/commit/{REVISION}", "commitOid": REVISION}

    @property
    def trees(self) -> list[str]:
        """Lists of files that were asked for."""
        return [path for path in self.asked if "/tree/" in path]

    def tree(self, path: str) -> bytes | None:
        """The files of a checkpoint, as the Hub lists them."""
        prefix = f"/api/models/{REPO}/tree/{REVISION}/"
        name = path.removeprefix(prefix)
        if not path.startswith(prefix) or not (self.folder / name).is_dir():
            return None
        files = [file for file in sorted((self.folder / name).rglob("*")) if file.is_file()]
        rows = [(file.relative_to(self.folder).as_posix(), file.stat().st_size) for file in files]
        return json.dumps([{"type": "file", "path": path, "size": size, "oid": path} for path, size in rows]).encode()

    def file(self, path: str) -> bytes | None:
        """Content of one file."""
        prefix = f"/{REPO}/resolve/{REVISION}/"
        found = self.folder / path.removeprefix(prefix)
        return found.read_bytes() if path.startswith(prefix) and found.is_file() else None


def modes(each: dict) -> dict:
    """Upload mode of a file."""
    large = each["path"].endswith(".safetensors")
    return {"path": each["path"], "uploadMode": "lfs" if large else "regular", "shouldIgnore": False}


class Handler(BaseHTTPRequestHandler):
    hub: Hub

    def do_POST(self) -> None:
        self.hub.tokens.add(self.headers["Authorization"])
        body, path = self.rfile.read(int(self.headers["Content-Length"] or 0)), self.path.split("?")[0]
        if isinstance(self.hub.behaviour, int):
            return self.answer(self.hub.behaviour, b"", self.hub.headers)
        found = self.hub.posted(path, body)
        self.answer(200 if found is not None else 404, json.dumps(found).encode(), {"Content-Type": "application/json"})

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if len(self.hub.blobs) >= self.hub.breaks_after:
            return self.answer(403, b"", {})
        self.hub.blobs[self.path.removeprefix("/lfs/")] = body
        self.answer(200, b"", {})

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        hub, path = self.hub, self.path.split("?")[0]
        hub.asked.append(path)
        if hub.behaviour == "hang":
            hub.released.wait(FOREVER)
        if isinstance(hub.behaviour, int):
            self.answer(hub.behaviour, b"", hub.headers)
        elif (body := hub.tree(path) or hub.file(path)) is None:
            self.answer(404, b"", {"X-Error-Code": "EntryNotFound"})
        else:
            self.answer(200, body, {"ETag": f'"{hash(body) & 0xFFFFFFFF:x}"', "X-Repo-Commit": REVISION})

    def answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        trickles = self.hub.behaviour == "trickle" and "safetensors" in self.path
        size, pause = (1, 0.2) if trickles else (2**20, 0)
        for start in range(0, len(body), size):
            self.wfile.write(body[start : start + size])
            self.hub.released.wait(pause)

    def log_message(self, *args) -> None:
        pass


@contextmanager
def running(folder: Path) -> Iterator[Hub]:
    """A Hub whose repository is a folder, until the block ends."""
    hub = Hub(folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Handler,), {"hub": hub}))
    server.daemon_threads = True
    hub.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield hub
    hub.released.set()
    server.shutdown()
