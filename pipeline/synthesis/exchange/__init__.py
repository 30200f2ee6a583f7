"""What other programs read: REFI-QDA projects and codebooks, spreadsheets and plain tables.

write_qdpx(project(material))       a run, whole, for analysts         read_qdpx(content)
write_qdc(codes(material))          its codebook                        read_qdc(content)
quotes_xlsx(material)               all candidates                      themes_csv(material)
"""

from pipeline.errors import ExchangeError
from pipeline.synthesis.exchange.model import Code, Project
from pipeline.synthesis.exchange.project import project, release_project
from pipeline.synthesis.exchange.refi import read_qdc, read_qdpx, write_qdc, write_qdpx
from pipeline.synthesis.exchange.sheets import quotes_xlsx, release_quotes, release_themes, themes_csv
from pipeline.synthesis.material import ReportMaterial

FORMATS = ("qdpx", "qdc", "xlsx", "csv")

__all__ = [
    "FORMATS",
    "Code",
    "Project",
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


def export(material: ReportMaterial, *, format: str) -> bytes:
    """A run in the format of another program: one of FORMATS; for analysts, not for publication.

    Raises:
        ExchangeError: the format isn't known.
    """
    whole = {
        "qdpx": lambda: write_qdpx(project(material)),
        "qdc": lambda: write_qdc(project(material).codes[:-2], origin="roundtable-pipeline"),
        "xlsx": lambda: quotes_xlsx(material),
        "csv": lambda: themes_csv(material),
    }
    if format not in whole:
        raise ExchangeError(f"no format is called {format}; they are {', '.join(FORMATS)} and bertopic")
    return whole[format]()
