"""The page's modules can stand in one script: that is how a pack holds them."""

import re
from collections import Counter

from pipeline.review.page import MODULES, one_script, packed_page, served_policy, static_file

_DECLARED = re.compile(r"^(?:export )?(?:async )?(?:const|let|function|class) (\w+)", re.MULTILINE)
_IMPORTED = re.compile(r"^import \{([^}]*)\} from \"\./([\w.]+)\";", re.MULTILINE)


def test_names_at_the_top_of_the_modules_are_unique() -> None:
    names = Counter(name for module in MODULES for name in _DECLARED.findall(static_file(module)))
    assert [name for name, count in names.items() if count > 1] == []


def test_each_module_takes_only_from_those_before_it() -> None:
    for place, module in enumerate(MODULES):
        taken = {source for _, source in _IMPORTED.findall(static_file(module))}
        assert taken <= set(MODULES[:place]), module


def test_nothing_is_imported_that_is_not_used() -> None:
    for module in MODULES:
        text = static_file(module)
        body = _IMPORTED.sub("", text)
        for names, _ in _IMPORTED.findall(text):
            for name in filter(None, (name.strip() for name in names.split(","))):
                assert re.search(rf"\b{name}\b", body), f"{module}: {name}"


def test_one_script_imports_and_exports_nothing() -> None:
    assert not re.search(r"^(import|export)\b", one_script(), re.MULTILINE)


def test_no_module_turns_text_into_markup_or_asks_another_host() -> None:
    for module in MODULES:
        text = static_file(module)
        for forbidden in (
            "innerHTML",
            "outerHTML",
            "insertAdjacent",
            "document.write",
            "eval(",
            "new Function",
            "http",
        ):
            assert forbidden not in text, f"{module}: {forbidden}"


def test_the_policies_allow_nothing_that_is_not_named() -> None:
    page = packed_page({"strings": {}})
    for policy in (served_policy(), page):
        assert "default-src 'none'" in policy
        assert "'unsafe-inline'" not in policy
        assert "require-trusted-types-for 'script'" in policy
    assert "connect-src 'none'" in page
