"""A Hub on loopback: what huggingface_hub, transformers and datasets ask of the real one, served from folders.

    ROOT/models/user--name/main/...              files at a branch; the commit is a hash of them
    ROOT/datasets/user--name/refs--convert--parquet/...
    ROOT/hub.json                                {"moved": {"datasets/old": "user/new"}, "gated": ["models/user/name"],
                                                  "private": [...], "busy": {"models/user/name": 2}, "broken": [...]}

"history" lists a repository's older states, {"models/user/name": [["main", "2024-02-01"], ["older", "2024-01-01"]]}: folders
beside main, from the newest back, with their days. "sizes" declares a file's size, {"models/user/name": {"big.bin": 10}}.
"busy" answers 503 so many times, "limited" 429 so many times with a Retry-After of so many seconds, "limited_files" the same
where a file's content is asked for, "stalls" lets wait so many seconds, "broken" answers with something that is no JSON, "cut"
breaks files off at half their length, "drips" sends one byte of them a second, "whole" knows no ranges, "misstated" announces one
byte more than a file has, "also" lists files that are not there, "token" is what a repository wants to see, "says" is told of it
instead of the truth, {"models/user/name": {"sha": "main"}}; "downloads" are what a list of models says, {"user/name": 5}.
ROOT/asked.log has one line a request: method, path.
Routes and headers are those that huggingface_hub 2.4 uses.
"""

import hashlib
import json
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import yaml

ID = r"(?P<id>[^/]+(?:/(?!(?:revision|refs|tree|commits|resolve)(?:/|$))[^/]+)?)"
API = re.compile(rf"/api/(?P<kind>models|datasets)/{ID}(?:/(?P<what>revision|refs|tree|commits)(?:/(?P<rest>.*))?)?")
NO_HEADERS: Mapping[str, str] = {}
FILE = re.compile(rf"/(?:(?P<kind>datasets)/)?{ID}/resolve/(?P<revision>[^/]+)/(?P<file>.+)")


@contextmanager
def serve(root: Path) -> Iterator[str]:
    """The endpoint of a Hub that serves `root`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.root, server.asked = root, {}  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def commit_of(folder: Path) -> str:
    """The commit of a branch: a hash of its files."""
    whole = hashlib.sha1()
    for path in _files(folder):
        whole.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return whole.hexdigest()


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _refs(repo: Path) -> dict[str, Any]:
    refs = [
        {"name": f.name.split("--")[-1], "ref": f.name.replace("--", "/"), "targetCommit": commit_of(f)} for f in repo.iterdir()
    ]
    converts = [ref for ref in refs if ref["ref"].startswith("refs/convert/")]
    return {"branches": [ref for ref in refs if ref not in converts], "converts": converts, "tags": [], "pullRequests": []}


def _tree(branch: Path) -> list[dict[str, Any]]:
    names = {path.relative_to(branch).as_posix(): path.stat().st_size for path in _files(branch)}
    return [{"type": "file", "path": n, "size": size, "oid": hashlib.sha1(n.encode()).hexdigest()} for n, size in names.items()]


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _commits(repo: Path, history: list[list[str]]) -> list[dict[str, Any]]:
    return [
        {"id": commit_of(repo / name), "authors": [], "date": f"{day}T00:00:00.000Z", "title": "", "message": ""}
        for name, day in history
    ]


def _info(branch: Path, name: str, also: list[str]) -> dict[str, Any]:
    names = [path.relative_to(branch).as_posix() for path in _files(branch)] + also
    card = (branch / "README.md").read_text() if "README.md" in names else ""
    front = yaml.safe_load(card.split("---")[1]) if card.startswith("---") else {}
    siblings = [{"rfilename": n, "size": _size(branch / n)} for n in names]
    return {"id": name, "sha": commit_of(branch), "siblings": siblings, "cardData": front, "tags": [], "private": False}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        with (self.server.root / "asked.log").open("a") as log:  # type: ignore[attr-defined]
            log.write(f"{self.command} {path}\n")
        if path == "/api/models":
            self._list(dict(parse_qsl(urlsplit(self.path).query)))
        elif match := API.fullmatch(path):
            self._api(match["kind"], match["id"], match["what"], unquote(match["rest"] or "main"))
        elif match := FILE.fullmatch(path):
            self._file(match["kind"] or "models", match["id"], unquote(match["revision"]), unquote(match["file"]))
        else:
            self._refuse(404, "EntryNotFound")

    do_HEAD = do_GET

    def log_message(self, *_: Any) -> None:
        pass

    def _repo(self, kind: str, name: str) -> Path | None:
        """The folder of a repository, or None where an answer was already sent."""
        root, rules = self.server.root, self._rules()  # type: ignore[attr-defined]
        key = f"{kind}/{name}"
        asked = self._count(key)
        time.sleep(rules.get("stalls", {}).get(key, 0))
        if key in rules.get("moved", {}):
            self._send(307, b"", {"Location": self.path.replace(name, rules["moved"][key], 1)})
        elif asked <= rules.get("busy", {}).get(key, 0):
            self._refuse(503, "Busy")
        elif asked <= rules.get("limited", {}).get(key, (0, 0))[0]:
            self._send(429, b"", {"Retry-After": str(rules["limited"][key][1])})
        elif f"Bearer {rules.get('token', {}).get(key)}" not in ("Bearer None", self.headers.get("Authorization")):
            self._refuse(401, "RepoNotFound")
        elif key in rules.get("broken", []):
            self._send(200, b"<html>not what was asked for")
        elif key in rules.get("private", []) or not (root / kind / name.replace("/", "--")).is_dir():
            self._refuse(401, "RepoNotFound")
        elif key in rules.get("gated", []) and "/resolve/" in self.path:
            self._refuse(403, "GatedRepo")
        else:
            return Path(root, kind, name.replace("/", "--"))
        return None

    def _count(self, what: str) -> int:
        asked: dict[str, int] = self.server.asked  # type: ignore[attr-defined]
        asked[what] = asked.get(what, 0) + 1
        return asked[what]

    def _drip(self, content: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(200)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        with suppress(BrokenPipeError, ConnectionResetError):
            for byte in content:
                self.wfile.write(bytes((byte,)))
                time.sleep(1)

    def _rules(self) -> dict[str, Any]:
        path: Path = self.server.root / "hub.json"  # type: ignore[attr-defined]
        return json.loads(path.read_text()) if path.is_file() else {}

    def _branch(self, repo: Path, revision: str) -> Path | None:
        for folder in repo.iterdir():
            if revision in (folder.name.replace("--", "/"), commit_of(folder)):
                return folder
        self._refuse(404, "RevisionNotFound")
        return None

    def _api(self, kind: str, name: str, what: str | None, rest: str) -> None:
        repo = self._repo(kind, name)
        if repo is None:
            return
        if what == "refs":
            self._json(_refs(repo))
        elif what == "commits":
            self._json(_commits(repo, self._rules().get("history", {}).get(f"{kind}/{name}", [["main", "2024-01-01"]])))
        elif branch := self._branch(repo, rest if rest.startswith("refs/") else rest.split("/")[0]):
            info = _info(branch, name, self._rules().get("also", {}).get(f"{kind}/{name}", []))
            for sibling in info["siblings"]:
                sibling["size"] = (
                    self._rules().get("sizes", {}).get(f"{kind}/{name}", {}).get(sibling["rfilename"], sibling["size"])
                )
            info |= self._rules().get("says", {}).get(f"{kind}/{name}", {})
            self._json(_tree(branch) if what == "tree" else info)

    def _list(self, asked: dict[str, str]) -> None:
        """The models by author or words, the most downloaded first; "downloads" of hub.json says how often each was."""
        root, downloads = self.server.root, self._rules().get("downloads", {})  # type: ignore[attr-defined]
        names = [path.name.replace("--", "/") for path in sorted((root / "models").iterdir())]
        words, author = asked.get("search", ""), asked.get("author")
        named = [name for name in names if words in name and author in (None, name.partition("/")[0])]
        named.sort(key=lambda name: -downloads.get(name, 0))
        found = [
            {
                "id": name,
                "sha": commit_of(root / "models" / name.replace("/", "--") / "main"),
                "downloads": downloads.get(name, 0),
                "likes": 0,
                "lastModified": "2024-05-06T07:08:09.000Z",
            }
            for name in named
        ]
        self._json(found[: int(asked.get("limit", len(found)))])

    def _file(self, kind: str, name: str, revision: str, file: str) -> None:
        repo = self._repo(kind, name)
        branch = self._branch(repo, revision) if repo else None
        if branch is None:
            return
        if not (branch / file).is_file():
            self._refuse(404, "EntryNotFound")
            return
        content = (branch / file).read_bytes()
        etag = f'"{hashlib.sha1(content).hexdigest()}"'
        headers = {"ETag": etag, "X-Repo-Commit": commit_of(branch)}
        rules, key = self._rules(), f"{kind}/{name}"
        if (
            self.command == "GET"
            and (limit := rules.get("limited_files", {}).get(key))
            and self._count(f"{key} files") <= limit[0]
        ):
            self._send(429, b"", {"Retry-After": str(limit[1])})
            return
        wanted = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if wanted and key not in rules.get("whole", []):
            first, last = int(wanted[1]), min(int(wanted[2]), len(content) - 1)
            part = content[first : last + 1]
            self._send(206, part, {**headers, "Content-Range": f"bytes {first}-{last}/{len(content)}"})
        elif key in rules.get("drips", []) and self.command == "GET":
            self._drip(content, headers)
        elif key in rules.get("cut", []) and self.command == "GET":
            self.close_connection = True
            self._send(200, content[: len(content) // 2], {**headers, "Content-Length": str(len(content))})
        elif key in rules.get("misstated", []) and self.command == "HEAD":
            self._send(200, content, {**headers, "Content-Length": str(len(content) + 1)})
        else:
            self._send(200, content, headers)

    def _json(self, value: Any) -> None:
        self._send(200, json.dumps(value).encode())

    def _refuse(self, status: int, code: str) -> None:
        self._send(status, b"", {"X-Error-Code": code})

    def _send(self, status: int, body: bytes, headers: Mapping[str, str] = NO_HEADERS) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            with suppress(BrokenPipeError, ConnectionResetError):  # whoever asked waits no longer
                self.wfile.write(body)
