"""REFI-QDA 1.0 in and out: .qdpx projects and .qdc codebooks, as NVivo, MAXQDA and ATLAS.ti exchange them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lxml import etree

from pipeline.errors import ExchangeError
from pipeline.synthesis.exchange.model import (
    Case,
    Code,
    CodeSet,
    Coding,
    Note,
    Project,
    Selection,
    Source,
    User,
    guid,
)
from pipeline.synthesis.ooxml import xml_text
from pipeline.synthesis.zipped import zip_bytes

PROJECT = "urn:QDA-XML:project:1.0"
CODEBOOK = "urn:QDA-XML:codebook:1.0"
_TEXTS = "sources/"  # as the standard has it; some programs write "Sources/", and that is read too
_INTERNAL = "internal://"
MAX_BYTES = 512 * 1024 * 1024  # unpacked: a larger text project is a bomb
Element = Any


def write_qdpx(project: Project) -> bytes:
    """The project as a .qdpx; the same project gives the same bytes."""
    root = _element("Project", {"name": project.name, "origin": project.origin})
    _section(root, "Users", (_user(user) for user in project.users))
    if project.codes:
        _add(_add(root, "CodeBook"), "Codes").extend(_codes(project.codes, "", PROJECT))
    variables = sorted({name for case in project.cases for name, _ in case.variables})
    _section(root, "Variables", (_variable(name) for name in variables))
    _section(root, "Cases", (_case(case) for case in project.cases))
    _section(root, "Sources", (_source(source) for source in project.sources))
    _section(root, "Notes", (_note(note) for note in project.notes))
    _section(root, "Sets", (_set(codes) for codes in project.sets))
    if project.description:
        _add(root, "Description").text = xml_text(project.description)
    texts = {source.guid: source.text for source in project.sources} | {note.guid: note.text for note in project.notes}
    entries = [("project.qde", _bytes(root))]
    entries += [(f"{_TEXTS}{name}.txt", text.encode("utf-8")) for name, text in texts.items()]
    return zip_bytes(entries)


def read_qdpx(content: bytes) -> Project:
    """The project in a .qdpx: what write_qdpx wrote comes back without loss; what we have no place for is passed over.

    Raises:
        ExchangeError: it isn't a .qdpx, or too large, or its project.qde isn't REFI-QDA.
    """
    with _opened(content) as archive:
        root = _parsed(_member(archive, "project.qde"), f"{{{PROJECT}}}Project")
        variables = {found.get("guid"): found.get("name", "") for found in _all(root, "Variables/Variable")}
        return Project(
            name=root.get("name", ""),
            origin=root.get("origin", ""),
            description=_text(root, "Description"),
            users=tuple(User(found.get("guid"), found.get("name", "")) for found in _all(root, "Users/User")),
            codes=tuple(_read_codes(_all(root, "CodeBook/Codes/Code"), "", PROJECT)),
            sources=tuple(_read_source(found, archive) for found in _all(root, "Sources/TextSource")),
            notes=tuple(_read_note(found, archive) for found in _all(root, "Notes/Note")),
            cases=tuple(_read_case(found, variables) for found in _all(root, "Cases/Case")),
            sets=tuple(_read_set(found) for found in _all(root, "Sets/Set")),
        )


def write_qdc(codes: Sequence[Code], *, origin: str = "", sets: Sequence[CodeSet] = ()) -> bytes:
    """The codes as a .qdc codebook."""
    root = etree.Element(f"{{{CODEBOOK}}}CodeBook", {"origin": origin}, nsmap={None: CODEBOOK})
    etree.SubElement(root, f"{{{CODEBOOK}}}Codes").extend(_codes(codes, "", CODEBOOK))
    if sets:
        listed = etree.SubElement(root, f"{{{CODEBOOK}}}Sets")
        for codes_of in sets:
            made = etree.SubElement(listed, f"{{{CODEBOOK}}}Set", {"guid": codes_of.guid, "name": codes_of.name})
            for code in codes_of.codes:
                etree.SubElement(made, f"{{{CODEBOOK}}}MemberCode", {"guid": code})
    return _bytes(root)


def read_qdc(content: bytes) -> tuple[Code, ...]:
    """The codes of a .qdc, parents before their children.

    Raises:
        ExchangeError: it isn't a REFI-QDA codebook.
    """
    root = _parsed(content, f"{{{CODEBOOK}}}CodeBook")
    return tuple(_read_codes(root.findall(f"{{{CODEBOOK}}}Codes/{{{CODEBOOK}}}Code"), "", CODEBOOK))


# --- writing


def _element(tag: str, attributes: Mapping[str, str]) -> Element:
    given = {name: xml_text(value) for name, value in attributes.items() if value}
    return etree.Element(f"{{{PROJECT}}}{tag}", given, nsmap={None: PROJECT})


def _add(parent: Element, tag: str, **attributes: str) -> Element:
    made = _element(tag, attributes)
    parent.append(made)
    return made


def _section(root: Element, tag: str, children: Iterable[Element]) -> None:
    listed = list(children)
    if listed:  # the schema wants no empty section
        _add(root, tag).extend(listed)


def _bytes(root: Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True, pretty_print=True))


def _user(user: User) -> Element:
    return _element("User", {"guid": user.guid, "name": user.name})


def _codes(codes: Sequence[Code], parent: str, namespace: str) -> list[Element]:
    made = []
    for code in codes:
        if code.parent != parent:
            continue
        attributes = {"guid": code.guid, "name": xml_text(code.name), "isCodable": str(code.codable).lower()}
        if code.color:
            attributes["color"] = code.color
        item = etree.Element(f"{{{namespace}}}Code", attributes)
        if code.description:
            etree.SubElement(item, f"{{{namespace}}}Description").text = xml_text(code.description)
        for note in code.notes:
            etree.SubElement(item, f"{{{namespace}}}NoteRef", {"targetGUID": note})
        item.extend(_codes(codes, code.guid, namespace))
        made.append(item)
    return made


def _variable(name: str) -> Element:
    return _element("Variable", {"guid": guid("variable", name), "name": name, "typeOfVariable": "Text"})


def _case(case: Case) -> Element:
    made = _element("Case", {"guid": case.guid, "name": case.name})
    for name, value in case.variables:
        held = _add(made, "VariableValue")
        _add(held, "VariableRef", targetGUID=guid("variable", name))
        _add(held, "TextValue").text = xml_text(value)
    for selection in case.selections:
        _add(made, "SelectionRef", targetGUID=selection)
    return made


def _source(source: Source) -> Element:
    path = f"{_INTERNAL}{source.guid}.txt"
    made = _element("TextSource", {"guid": source.guid, "name": source.name, "plainTextPath": path})
    if source.description:
        _add(made, "Description").text = xml_text(source.description)
    made.extend(_selection(selection) for selection in source.selections)
    return made


def _selection(selection: Selection) -> Element:
    places = {"startPosition": str(selection.start), "endPosition": str(selection.end)}
    named = {"guid": selection.guid, "name": selection.name, "creatingUser": selection.user}
    made = _element("PlainTextSelection", named | places)
    if selection.description:
        _add(made, "Description").text = xml_text(selection.description)
    for coding in selection.codings:
        attributes = {"guid": coding.guid, "creatingUser": coding.user, "creationDateTime": coding.at}
        _add(_add(made, "Coding", **attributes), "CodeRef", targetGUID=coding.code)
    for note in selection.notes:
        _add(made, "NoteRef", targetGUID=note)
    return made


def _note(note: Note) -> Element:
    path = f"{_INTERNAL}{note.guid}.txt"
    return _element("Note", {"guid": note.guid, "name": note.name, "plainTextPath": path, "creatingUser": note.user})


def _set(codes: CodeSet) -> Element:
    made = _element("Set", {"guid": codes.guid, "name": codes.name})
    for code in codes.codes:
        _add(made, "MemberCode", targetGUID=code)
    return made


# --- reading


def _opened(content: bytes) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile as error:
        raise ExchangeError("not a .qdpx: it is no zip file") from error
    if sum(entry.file_size for entry in archive.infolist()) > MAX_BYTES:
        raise ExchangeError(f"not read: unpacked it is larger than {MAX_BYTES // 2**20} MB")
    return archive


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    found = next((entry for entry in archive.namelist() if entry.lower() == name.lower()), "")
    if not found:
        raise ExchangeError(f"not a whole .qdpx: it has no {name}")
    return archive.read(found)


def _parsed(content: bytes, tag: str) -> Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise ExchangeError(f"not XML: {error.msg}") from error
    if root.tag != tag:
        raise ExchangeError(f"not REFI-QDA 1.0: its root is {root.tag}, and {tag} was looked for")
    return root


def _all(parent: Element, path: str) -> list[Element]:
    return list(parent.findall("/".join(f"{{{PROJECT}}}{step}" for step in path.split("/"))))


def _text(parent: Element, tag: str, namespace: str = PROJECT) -> str:
    found = parent.find(f"{{{namespace}}}{tag}")
    return (found.text or "") if found is not None else ""


def _refs(parent: Element, tag: str) -> tuple[str, ...]:
    return tuple(found.get("targetGUID", "") for found in _all(parent, tag))


def _read_codes(found: Iterable[Element], parent: str, namespace: str) -> list[Code]:
    codes: list[Code] = []
    for element in found:
        notes = tuple(note.get("targetGUID", "") for note in element.findall(f"{{{namespace}}}NoteRef"))
        codes.append(
            Code(
                guid=element.get("guid", ""),
                name=element.get("name", ""),
                description=_text(element, "Description", namespace),
                parent=parent,
                codable=element.get("isCodable", "true") in ("true", "1"),
                color=element.get("color", ""),
                notes=notes,
            )
        )
        codes += _read_codes(element.findall(f"{{{namespace}}}Code"), element.get("guid", ""), namespace)
    return codes


def _plain_text(element: Element, archive: zipfile.ZipFile) -> str:
    path = element.get("plainTextPath", "")
    if not path:
        return _text(element, "PlainTextContent")
    if not path.startswith(_INTERNAL):
        raise ExchangeError("a source stands outside the .qdpx, and only what is in it is read")
    content = _member(archive, _TEXTS + path.removeprefix(_INTERNAL))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ExchangeError(f"{path} is not UTF-8") from error


def _read_source(element: Element, archive: zipfile.ZipFile) -> Source:
    return Source(
        guid=element.get("guid", ""),
        name=element.get("name", ""),
        text=_plain_text(element, archive),
        selections=tuple(_read_selection(found) for found in _all(element, "PlainTextSelection")),
        description=_text(element, "Description"),
    )


def _read_selection(element: Element) -> Selection:
    codings = tuple(_read_coding(found) for found in _all(element, "Coding"))
    try:
        start, end = int(element.get("startPosition", "")), int(element.get("endPosition", ""))
    except ValueError as error:
        raise ExchangeError("a selection has no place in its source") from error
    return Selection(
        guid=element.get("guid", ""),
        start=start,
        end=end,
        name=element.get("name", ""),
        user=element.get("creatingUser", ""),
        description=_text(element, "Description"),
        codings=codings,
        notes=_refs(element, "NoteRef"),
    )


def _read_coding(element: Element) -> Coding:
    code = next(iter(_refs(element, "CodeRef")), "")
    return Coding(element.get("guid", ""), code, element.get("creatingUser", ""), element.get("creationDateTime", ""))


def _read_note(element: Element, archive: zipfile.ZipFile) -> Note:
    text = _plain_text(element, archive)
    return Note(element.get("guid", ""), element.get("name", ""), text, element.get("creatingUser", ""))


def _read_case(element: Element, variables: Mapping[str, str]) -> Case:
    values = []
    for value in _all(element, "VariableValue"):
        name = variables.get(next(iter(_refs(value, "VariableRef")), ""), "")
        values.append((name, _text(value, "TextValue")))
    return Case(element.get("guid", ""), element.get("name", ""), tuple(values), _refs(element, "SelectionRef"))


def _read_set(element: Element) -> CodeSet:
    return CodeSet(element.get("guid", ""), element.get("name", ""), _refs(element, "MemberCode"))
