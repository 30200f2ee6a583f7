"""What other programs read: REFI-QDA projects and codebooks, spreadsheets and plain tables.

write_qdpx(project(material))       a run, whole, for analysts         read_qdpx(content)
write_qdc(codebook(material, told)) its codebook                        read_qdc(content)
quotes_xlsx(material)               all candidates                      themes_csv(material)
"""

from collections.abc import Mapping

from pipeline.errors import ExchangeError
from pipeline.synthesis.exchange.model import Code, Project
from pipeline.synthesis.exchange.project import ORIGIN, codebook, project, release_project
from pipeline.synthesis.exchange.refi import read_qdc, read_qdpx, write_qdc, write_qdpx
from pipeline.synthesis.exchange.sheets import quotes_xlsx, release_quotes, release_themes, themes_csv
from pipeline.synthesis.material import ReportMaterial

NOT_DESCRIBED: Mapping[str, str] = {}
FORMATS = ("qdpx", "qdc", "xlsx", "csv")

__all__ = [
    "FORMATS",
    "Code",
    "Project",
    "codebook",
    "export",
    "project",
    "quotes_xlsx",
    "read_qdc",
    "read_qdpx",
    "release_project",
    "release_quotes",
    "release_themes",
    "themes_csv",
    "write_qdc",
    "write_qdpx",
]


def export(material: ReportMaterial, *, format: str, descriptions: Mapping[str, str] = NOT_DESCRIBED) -> bytes:
    """A run in the format of another program: one of FORMATS; for analysts, not for publication.

    `descriptions` are those of the codebook's codes, by id, for a .qdc that comes back as a codebook.

    Raises:
        ExchangeError: the format isn't known.
    """
    whole = {
        "qdpx": lambda: write_qdpx(project(material)),
        "qdc": lambda: write_qdc(codebook(material, descriptions), origin=ORIGIN),
        "xlsx": lambda: quotes_xlsx(material),
        "csv": lambda: themes_csv(material),
    }
    if format not in whole:
        raise ExchangeError(f"no format is called {format}; they are {', '.join(FORMATS)} and bertopic")
    return whole[format]()
