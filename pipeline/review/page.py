"""The page as HTML: one shell for the server and the pack, with its data in it as JSON that can't end the script.

The scripts in static/ are plain modules. The server hands them out as they are; the pack holds them in one script.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from html import escape
from importlib import resources
from typing import Any

# In the order of their imports: each uses only those before it.
MODULES = (
    "text.js",
    "words.js",
    "dom.js",
    "store.js",
    "decided.js",
    "list.js",
    "card.js",
    "side.js",
    "quotes.js",
    "themes.js",
    "names.js",
    "agreement.js",
    "printing.js",
    "app.js",
)
STYLE = "app.css"
# Nothing at all is allowed, then what the page is made of; text can't become markup even by mistake.
_POLICY = (
    "default-src 'none'; script-src {scripts}; style-src {styles}; img-src {images}; connect-src {connect}; "
    "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
_IMPORT = re.compile(r"^import\s.*?;\n", re.MULTILINE | re.DOTALL)
_EXPORT = re.compile(r"^export (?=(?:const|let|function|async|class)\b)", re.MULTILINE)


def static_file(name: str) -> str:
    """The text of a script, style sheet or list of words that belongs to the page."""
    return resources.files("pipeline.review").joinpath("static", name).read_text(encoding="utf-8")


def words() -> dict[str, Any]:
    """The interface's words by language."""
    return {language: json.loads(static_file(f"{language}.json")) for language in ("en", "cy")}


def served_page(data: Mapping[str, Any]) -> str:
    """The page as the server gives it."""
    head = f'<link rel="stylesheet" href="/static/{STYLE}">'
    return _shell(head, f'<script type="module" src="/static/{MODULES[-1]}"></script>', data)


def served_policy() -> str:
    """The content security policy that goes with it."""
    policy = _POLICY.format(scripts="'self'", styles="'self'", images="'self' data:", connect="'self'")
    return policy + "; frame-ancestors 'none'"


def closed_page(why: str) -> str:
    """What somebody sees who isn't let in; `why` is a key of the words. In both languages: theirs isn't known yet."""
    told = "".join(
        f'<section lang="{language}"><h1>{escape(said["locked_title"])}</h1><p>{escape(said[why])}</p></section>'
        for language, said in words().items()
    )
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<style>{static_file(STYLE)}</style>
<title>{" · ".join(escape(said["locked_title"]) for said in words().values())}</title>
</head>
<body><main class="nothing">{told}</main></body>
</html>
"""


def closed_policy() -> str:
    """The content security policy of that page: it has a style, and no script."""
    style = f"'sha256-{_hash(static_file(STYLE))}'"
    policy = _POLICY.format(scripts="'none'", styles=style, images="data:", connect="'none'")
    return policy + "; frame-ancestors 'none'"


def packed_page(data: Mapping[str, Any]) -> str:
    """The page as one file that needs no server; its policy names its own script and style by their hashes."""
    script, style = one_script(), static_file(STYLE)
    policy = _POLICY.format(
        scripts=f"'sha256-{_hash(script)}'", styles=f"'sha256-{_hash(style)}'", images="data:", connect="'none'"
    )
    head = f'<meta http-equiv="Content-Security-Policy" content="{policy}"><style>{style}</style>'
    return _shell(head, f'<script type="module">{script}</script>', data)


def one_script() -> str:
    """All modules in one, for a file that can't import: their names are unique, so that imports can go."""
    return "\n".join(_EXPORT.sub("", _IMPORT.sub("", static_file(name))) for name in MODULES)


def as_json(data: Mapping[str, Any]) -> str:
    """JSON that can stand in a script element: no "<" in it, so that no text can end the element or open another."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _shell(head: str, script: str, data: Mapping[str, Any]) -> str:
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
{head}
<title>Roundtable review</title>
</head>
<body>
<div id="page"><noscript><p>This page needs JavaScript, which your browser has switched off.</p></noscript></div>
<script type="application/json" id="data">{as_json(data)}</script>
{script}
</body>
</html>
"""


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
