"""A graph as the text of a file: GraphML, GEXF, Pajek. The same graph gives the same bytes; no day of writing stands in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from foedus.errors import InvalidSystemError, message
from foedus.extras import optional
from foedus.report.interchange.about import clean, one_line

if TYPE_CHECKING:
    import networkx as nx

GEXF = "http://www.gexf.net/1.2draft"


def to_graphml(graph: nx.Graph[Any]) -> str:
    """Return a graph of `foedus.report.interchange.network.to_networkx` as GraphML; what the file says of itself is data of the graph."""
    nx = optional("networkx", "GraphML")
    return "\n".join(nx.generate_graphml(graph, named_key_ids=True)) + "\n"


def to_gexf(graph: nx.Graph[Any]) -> str:
    """Return a graph as GEXF 1.2, dynamic where nodes or edges have days; what the file says of itself stands in ``meta``."""
    nx = optional("networkx", "GEXF")
    root = ET.fromstring("\n".join(nx.generate_gexf(graph)))
    ET.register_namespace("", GEXF)
    ET.register_namespace("viz", f"{GEXF}/viz")
    for theirs in root.findall(f"{{{GEXF}}}meta"):
        root.remove(theirs)
    meta = ET.Element(f"{{{GEXF}}}meta")
    root.insert(0, meta)
    said = dict(graph.graph)
    ET.SubElement(
        meta, f"{{{GEXF}}}creator"
    ).text = f"{said.get('program', 'foedus')} {said.get('foedus_version', '')}".strip()
    ET.SubElement(meta, f"{{{GEXF}}}description").text = "; ".join(f"{k}: {v}" for k, v in said.items())
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=False).join(
        ['<?xml version="1.0" encoding="UTF-8"?>\n', "\n"]
    )


def to_pajek(graph: nx.Graph[Any]) -> str:
    """Return a signed graph as a Pajek network: one edge a pair, the sign as line value; what the file says of itself are comments.

    Raises
    ------
    InvalidSystemError
        Two ids are the same once line breaks in them are spaces.

    Notes
    -----
    Pajek knows no escapes: a quote or backslash in an id carries a backslash in front, which `foedus.blocs.pajek` and networkx take away again.
    """
    names = {node: one_line(str(node)) for node in graph}
    if len(set(names.values())) < len(names):
        raise InvalidSystemError(
            message("Two actors have one id in a Pajek file", hint="ids must differ in more than line breaks")
        )
    place = {node: k for k, node in enumerate(names, 1)}
    lines = [f"% {one_line(str(k))}: {one_line(str(v))}" for k, v in graph.graph.items()]
    lines.append(f"*Vertices {len(names)}")
    lines += [f"{place[node]} {_quoted(name)}" for node, name in names.items()]
    lines.append("*Edges")
    lines += [f"{place[a]} {place[b]} {data['sign']}" for a, b, data in graph.edges(data=True)]
    return "\n".join(lines) + "\n"


def _quoted(name: str) -> str:
    """Return a name between quotes."""
    return '"' + clean(name).replace("\\", "\\\\").replace('"', '\\"') + '"'
