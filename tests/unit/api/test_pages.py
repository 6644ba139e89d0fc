"""How the built pages are served: which address is which, kept for how long, under which policy."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

from api.pages import CONTENT_SECURITY_POLICY, DOCUMENTS, are_built
from tests.builders.api import serving
from tests.fakes.api import World

ROUTERS = Path(__file__).resolve().parents[3] / "web" / "src"


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """A build in small."""
    folder = tmp_path_factory.mktemp("pages")
    (folder / "assets").mkdir()
    (folder / "index.html").write_text("<!doctype html><title>party</title>", encoding="utf-8")
    (folder / "desk.html").write_text("<!doctype html><title>desk</title>", encoding="utf-8")
    (folder / "favicon.svg").write_text("<svg/>", encoding="utf-8")
    (folder / "robots.txt").write_text("User-agent: *\n", encoding="utf-8")
    (folder / "assets" / "party-abc.js").write_text("export {}", encoding="utf-8")
    (folder / "assets" / "party-abc.js.gz").write_bytes(gzip.compress(b"export {}"))
    hints = {"/": [], "/cases/*": ["/assets/CasePage-1.js", "/assets/CasePage-2.css"]}
    (folder / "hints.json").write_text(json.dumps(hints), encoding="utf-8")
    (folder / "source.sha256").write_text("secret", encoding="ascii")
    return folder


@pytest.fixture(scope="module")
def served(pages):
    with serving(World(), limits_scale=10_000, pages=pages) as found:
        yield found


@pytest.fixture
def client(served):
    return served.client()


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/", "party"),
        ("/matters", "party"),
        ("/cases/2026112100001/sign/seller-1", "party"),
        ("/verify", "party"),
        ("/s/token", "party"),
        ("/desk", "desk"),
        ("/desk/cases/2026112100001", "desk"),
    ],
)
def test_an_address_of_a_page_is_answered_with_its_document(client, path, title):
    answer = client.get(path)
    assert answer.status_code == 200
    assert f"<title>{title}</title>" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"].startswith("text/html")


def test_a_document_names_what_its_page_will_ask_for(client):
    link = client.get("/cases/2026112100001").headers["link"]
    style = "</assets/CasePage-2.css>; rel=preload; as=style; crossorigin"
    assert link == f"</assets/CasePage-1.js>; rel=modulepreload, {style}"
    for other in ("/", "/cases", "/cases/2026112100001/house", "/desk/cases/2026112100001", "/assets/party-abc.js"):
        assert "link" not in client.get(other).headers, other


@pytest.mark.parametrize(
    "path", ["/nowhere", "/matter", "/assets/", "/assets/none.js", "/source.sha256", "/index.html.br"]
)
def test_any_other_address_is_unknown(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/assets/..%2findex.html", "/assets/%2e%2e/source.sha256", "/assets/party-abc.js.gz"])
def test_nothing_but_parts_is_under_assets(client, path):
    assert client.get(path).status_code == 404


def test_the_interface_keeps_its_own_answers(client):
    assert client.get("/v1/nowhere").status_code == 404
    assert client.get("/v1/verify").status_code == 405
    assert client.get("/v1/cities").headers["content-security-policy"].startswith("default-src 'none'; frame-ancestors")
    assert client.post("/matters").status_code == 405


def test_a_part_is_kept_for_ever(client):
    answer = client.get("/assets/party-abc.js", headers={"accept-encoding": "identity"})
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "content-encoding" not in answer.headers


def test_a_part_comes_small_to_whoever_takes_it(client):
    answer = client.get("/assets/party-abc.js", headers={"accept-encoding": "gzip, br"})
    assert answer.headers["content-encoding"] == "gzip"
    assert "accept-encoding" in answer.headers["vary"].lower()
    assert answer.text == "export {}"


def test_pages_run_nothing_but_our_own(client):
    headers = client.get("/").headers
    assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    policy = dict(each.split(" ", 1) for each in CONTENT_SECURITY_POLICY.split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == policy["form-action"] == "'self'"
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert not re.search(r"https?:|\*", CONTENT_SECURITY_POLICY)
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["permissions-policy"].startswith("camera=(self), microphone=(self), geolocation=()")


def test_the_routers_of_the_pages_and_the_table_agree():
    """A page that the service does not know could be gone to, and not come back to."""
    text = (ROUTERS / "party" / "router.ts").read_text(encoding="utf-8")
    found = {path.split("/")[1] for path in re.findall(r"path: '(/[^':*]*)", text)}
    assert found <= set(DOCUMENTS)
    assert {name for name, document in DOCUMENTS.items() if document == "desk.html"} == {"desk"}


def test_half_a_build_is_none(tmp_path):
    (tmp_path / "index.html").write_text("", encoding="utf-8")
    assert not are_built(tmp_path)


def test_without_pages_there_is_the_interface(running):
    assert running[1].client().get("/").status_code == 404
