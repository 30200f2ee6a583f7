"""The papers that a report leans on: read, cited in one style, and their closest passages proposed for each theme.

    papers = read_papers(files, style="author-date")          # {"oecd2024.pdf": bytes, "library.bib": bytes, ...}
    passages = propose(papers, themes, assignments, vectors, encoder=encoder)

Nothing is cited that nobody accepted: see `choices`.
"""

from pipeline.synthesis.evidence.papers import Paper, read_papers
from pipeline.synthesis.evidence.passages import propose

__all__ = ["Paper", "propose", "read_papers"]
