"""XML elements with attributes and text in one call, and documents as text."""

from __future__ import annotations

from xml.etree import ElementTree

Element = ElementTree.Element


def add(parent: Element, tag: str, text: str | int | None = None, /, **attributes: str | int) -> Element:
    """Append an element to ``parent`` and return it."""
    child = ElementTree.SubElement(parent, tag, {name: str(value) for name, value in attributes.items()})
    if text is not None:
        child.text = str(text)
    return child


def document(root: Element, doctype: bool = True) -> str:
    """The whole document, indented, with declaration and, if wanted, document type."""
    ElementTree.indent(root, " ")
    text = ElementTree.tostring(root, encoding="unicode")
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', *([f"<!DOCTYPE {root.tag}>"] * doctype), text, ""])
