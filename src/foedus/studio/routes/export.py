"""``/api/export``: a figure or a table as a file."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from foedus.errors import parameter
from foedus.studio import exports

router = APIRouter(prefix="/api", tags=["export"])
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "svg": "image/svg+xml",
    "png": "image/png",
    "pdf": "application/pdf",
}


class Head(BaseModel):
    """A column."""

    model_config = ConfigDict(extra="ignore")
    name: str = Field(min_length=1, max_length=200)
    label: str = Field("", max_length=300)
    type: Literal["str", "float", "int", "bool", "date"] = "str"


class Table(BaseModel):
    """A table as the page holds it."""

    model_config = ConfigDict(extra="ignore")
    title: str = Field("", max_length=500)
    columns: list[Head] = Field(min_length=1, max_length=500)
    rows: list[list[Any]] = Field(max_length=100_000)


class Export(BaseModel):
    """What to write: a table as CSV or Parquet, a drawing as SVG, PNG or PDF."""

    model_config = ConfigDict(extra="forbid")
    format: Literal["csv", "parquet", "svg", "png", "pdf"]
    name: Annotated[str, Field(pattern=r"^[\w-]{1,100}$")] = "figure"
    table: Table | None = None
    svg: str | None = Field(None, max_length=5_000_000)
    citation: str = Field("", max_length=20_000)
    sources: list[dict[str, Any]] = Field(default_factory=list, max_length=1000)


@router.post("/export", response_class=Response, responses={200: {"content": {t: {} for t in TYPES.values()}}})
async def export(request: Request, asked: Export) -> Response:
    """Return the file, written in a worker process."""
    call = request.app.state.pool.call
    if asked.format in ("csv", "parquet"):
        if asked.table is None:
            raise parameter("table", "nothing", f"a table to write as {asked.format}")
        table = asked.table.model_dump()
        more = (asked.sources,) if asked.format == "parquet" else ()
        body = await call(getattr(exports, asked.format), table, asked.citation, *more)
    else:
        if asked.svg is None:
            raise parameter("svg", "nothing", f"a drawing to write as {asked.format}")
        body = await call(getattr(exports, asked.format), asked.svg, asked.citation)
    head = {"content-disposition": f'attachment; filename="{asked.name}.{asked.format}"'}
    return Response(body, media_type=TYPES[asked.format], headers=head)


class ReportFigure(BaseModel):
    """A figure of a report."""

    model_config = ConfigDict(extra="forbid")
    title: str = Field(max_length=300)
    kind: Literal["observed", "derived", "estimated", "simulated"]
    svg: str = Field("", max_length=5_000_000)
    table: Table | None = None
    citation: str = Field("", max_length=20_000)
    sources: list[dict[str, Any]] = Field(default_factory=list, max_length=1000)
    notes: list[Annotated[str, Field(max_length=2000)]] = Field(default_factory=list, max_length=50)
    python: str = Field("", max_length=20_000)
    cli: str = Field("", max_length=2000)


class Report(BaseModel):
    """A report from chosen figures."""

    model_config = ConfigDict(extra="forbid")
    title: str = Field("Report", min_length=1, max_length=300)
    figures: list[ReportFigure] = Field(min_length=1, max_length=40)


@router.post("/report", response_class=Response, responses={200: {"content": {"text/html": {}}}})
async def report(request: Request, asked: Report) -> Response:
    """Return chosen figures as one HTML file to keep, written in a worker process."""
    body = await request.app.state.pool.call(exports.report, asked.title, [f.model_dump() for f in asked.figures])
    head = {"content-disposition": 'attachment; filename="foedus-report.html"'}
    return Response(body, media_type="text/html; charset=utf-8", headers=head)
