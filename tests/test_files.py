"""Files are compressed once, kept by the browser, and sent in pieces; only those of the folders are found."""

import os
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from explorer.serving import checks, files
from explorer.serving.files import ASK_AGAIN, FOR_EVER, Files, Folder, without_remarks
from explorer.serving.pace import PACE_PIECE

MODULE = "export const answer = 42;\n" * 100
WEIGHTS = bytes(range(256)) * (3 * PACE_PIECE // 256 + 7)
GZIP, PLAIN = {"accept-encoding": "gzip, deflate, br"}, {"accept-encoding": "identity"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A module and weights, in a folder beside a secret."""
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    folder = tmp_path / "served"
    (folder / "kit").mkdir(parents=True)
    (folder / "kit" / "a.js").write_text(MODULE, encoding="utf-8")
    (folder / "net.safetensors").write_bytes(WEIGHTS)
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    return folder


@pytest.fixture
def client(folder: Path) -> TestClient:
    folders = [Folder("/v-now/", folder, for_ever=True), Folder("/v-[a-z]+/", folder), Folder("/file=", folder)]
    routes = [
        Route("/theme.css", lambda _: PlainTextResponse("a { color: red }\n" * 100, media_type="text/css")),
        Route("/where", lambda request: PlainTextResponse(repr(sorted(request.headers.items())))),
        Route("/late", lambda _: PlainTextResponse("not now", 503)),
    ]
    return TestClient(Files(Starlette(routes=routes), folders))


@pytest.mark.parametrize(
    ("accepted", "coding"), [("gzip, deflate, br, zstd", "br"), ("gzip, deflate", "gzip"), ("br;q=1.0, gzip", "br")]
)
def test_a_text_is_compressed_once_for_all_who_want_it(
    accepted: str, coding: str, client: TestClient, monkeypatch: pytest.MonkeyPatch
):
    pressed = []
    monkeypatch.setattr(files, "compress", lambda *given: pressed.append(given) or compress(*given))
    for path in ("/file=kit/a.js", "/v-now/kit/a.js", "/theme.css"):
        for _ in range(3):
            found = client.get(path, headers={"accept-encoding": accepted})
            assert found.headers["content-encoding"] == coding and int(found.headers["content-length"]) < 200
            assert client.get(path, headers=PLAIN).text == found.text != ""
    assert [given for _, given in pressed] == [coding] * 2 + ["gzip"] * (coding == "br")


compress = files.compress


def test_a_text_for_a_program_without_gzip_is_kept_in_no_memory(client: TestClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(files, "compress", None)
    found = client.get("/file=kit/a.js", headers=PLAIN)
    assert found.text == MODULE and found.headers["vary"] == "accept-encoding"
    assert found.headers["content-encoding"] == "identity", "or Gradio compresses it"


@pytest.mark.parametrize("path", ["/file=kit/a.js", "/v-now/kit/a.js", "/file=net.safetensors", "/theme.css"])
def test_who_has_a_file_is_not_sent_it_again(path: str, client: TestClient):
    etag = client.get(path).headers["etag"]
    for known in (etag, f'"other", {etag}', f"W/{etag.removeprefix('W/')}"):
        again = client.get(path, headers={"if-none-match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert client.get(path, headers={"if-none-match": 'W/"other"'}).status_code == 200


def test_a_file_that_was_changed_is_sent_again(client: TestClient, folder: Path):
    etag = client.get("/file=kit/a.js").headers["etag"]
    (folder / "kit" / "a.js").write_text(MODULE.replace("42", "43"), encoding="utf-8")
    os.utime(folder / "kit" / "a.js", ns=(1, 1))
    again = client.get("/file=kit/a.js", headers={"if-none-match": etag})
    assert again.status_code == 200 and "43" in again.text


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/v-now/kit/a.js", FOR_EVER),
        ("/v-then/kit/a.js", ASK_AGAIN),
        ("/file=kit/a.js", ASK_AGAIN),
        ("/file=kit/a.js?v=", ASK_AGAIN),
        ("/file=kit/a.js?v=0123abcd", FOR_EVER),
        ("/file=kit/a.js?w=0123abcd", ASK_AGAIN),
        ("/theme.css?v=0123abcd", FOR_EVER),
        ("/theme.css", ASK_AGAIN),
    ],
)
def test_what_has_another_address_when_it_changes_is_kept_for_ever(path: str, told: str, client: TestClient):
    found = client.get(path)
    assert found.headers["cache-control"] == told
    assert client.get(path, headers={"if-none-match": found.headers["etag"]}).headers["cache-control"] == told


@pytest.mark.parametrize("path", ["/v-now/none.js", "/late", "/v-now/kit", "/file="])
def test_what_is_not_there_is_not_kept(path: str, client: TestClient):
    found = client.get(path)
    assert found.status_code in (404, 503) and "cache-control" not in found.headers and "etag" not in found.headers


@pytest.mark.parametrize(
    "name", ["link.txt", "../secret.txt", "kit/../../secret.txt", "/etc/passwd", "a" * 5_000, "\0"]
)
def test_no_name_leads_out_of_a_folder(name: str, folder: Path):
    assert Folder("/file=", folder).find(name) is None
    assert Folder("/file=", folder, follow=True).find("link.txt"), "which is wanted of checkpoints"


def test_a_file_is_read_in_pieces(folder: Path, monkeypatch: pytest.MonkeyPatch):
    sizes = []

    async def app(scope: dict, receive: object, send: object) -> None:
        async def count(message: dict) -> None:
            sizes.append(len(message.get("body", b"")))
            await send(message)

        await Files(None, [Folder("/", folder)])(scope, receive, count)

    assert TestClient(app).get("/net.safetensors").content == WEIGHTS
    assert max(sizes) == PACE_PIECE and sum(sizes) == len(WEIGHTS)
    sizes.clear()
    assert TestClient(app).head("/net.safetensors").headers["content-length"] == str(len(WEIGHTS))
    assert sum(sizes) == 0


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("bytes=0-9", slice(10)),
        (f"bytes={len(WEIGHTS) - 5}-", slice(-5, None)),
        ("bytes=-7", slice(-7, None)),
        (f"bytes=5-{PACE_PIECE + 8}", slice(5, PACE_PIECE + 9)),
        (f"bytes=9-{10**14}", slice(9, None)),
        (f"bytes=-{10**14}", slice(None)),
    ],
)
def test_a_part_is_sent_alone(wanted: str, part: slice, client: TestClient):
    found = client.get("/file=net.safetensors", headers={"range": wanted})
    start, stop, _ = part.indices(len(WEIGHTS))
    assert found.content == WEIGHTS[part] and found.status_code == (206 if part != slice(None) else 200)
    if found.status_code == 206:
        assert found.headers["content-range"] == f"bytes {start}-{stop - 1}/{len(WEIGHTS)}"
    same = client.get("/file=net.safetensors", headers={"range": wanted, "if-range": found.headers["etag"]})
    assert same.content == found.content and not found.headers["etag"].startswith("W/")
    whole = client.get("/file=net.safetensors", headers={"range": wanted, "if-range": '"another one"'})
    assert (whole.status_code, whole.content) == (200, WEIGHTS)


@pytest.mark.parametrize("wanted", ["bytes=9-2", "bytes=-0", f"bytes={len(WEIGHTS)}-", "bytes=0-0,2-3", "lines=1-2"])
def test_what_is_no_part_of_a_file_is_refused(wanted: str):
    with pytest.raises(checks.Refused) as no:
        checks.part(checks.Headers({"range": wanted}), len(WEIGHTS), "")
    assert no.value.status == 416


def test_the_app_is_not_told_by_what_name_a_visitor_calls_it(client: TestClient):
    invented = {"host": "evil.example", "x-forwarded-host": "evil.example", "x-gradio-server": "http://evil.example"}
    result = client.get("/where", headers=invented | {"x-forwarded-proto": "gopher", "cookie": "evil"}).text
    assert "evil" not in result and "gopher" not in result and "('host', 'explorer.invalid')" in result


def test_a_stream_without_an_end_to_its_request_is_answered():
    async def app(scope: dict, receive: object, send: object) -> None:
        assert (await receive())["type"] == "http.request"
        leaving = files.asyncio.ensure_future(receive())
        await PlainTextResponse("answer")(scope, receive, send)
        assert not leaving.done(), "nobody went away"
        leaving.cancel()

    assert TestClient(Files(app, [])).get("/").text == "answer"


def test_of_the_apps_own_files_only_the_declared_ones_are_answered(folder: Path):
    """Gradio would also serve its temporary folder, where other apps of the machine keep theirs."""
    own = Route("/gradio_api/file=courses/{name}.json", lambda request: PlainTextResponse(request.path_params["name"]))
    everything = Route("/gradio_api/file={path:path}", lambda _: PlainTextResponse("of another app"))
    served = [Folder("/gradio_api/file=served/", folder)]
    client = TestClient(Files(Starlette(routes=[own, everything]), served, routes=[own]))
    assert client.get("/gradio_api/file=courses/one.json").text == "one"
    assert client.get("/gradio_api/file=served/kit/a.js").text == MODULE
    for path in ("/tmp/gradio/x/secret.txt", "courses/../../tmp/x.json", "courses/a/b.json", "app.py", "", "served"):
        assert client.get(f"/gradio_api/file={path}").status_code == 404


@pytest.mark.parametrize(
    "line",
    [
        "/** @type {number} */ (shown.last).draw();",
        "run(); // and more",
        'fill("/** no remark */");',
        "/** one */ two(); /** three */",
    ],
)
def test_a_remark_beside_code_takes_nothing_of_the_code(line: str):
    script = f"/** What it is. */\n// an aside\nfirst();\n  {line}\nlast();\n/** Another one. */\nend();\n"
    assert without_remarks(script) == f"\n\nfirst();\n  {line}\nlast();\n\nend();\n"
