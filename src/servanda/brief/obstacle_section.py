"""What stands in the way most, with what supports the statement."""

from servanda.brief.document import Block, Bullets, Paragraph, Section
from servanda.brief.obstacle import main_obstacle
from servanda.charts.names import Names
from servanda.results.analysis import Analysis


def obstacle_section(analysis: Analysis, names: Names) -> Section:
    """The obstacle, its details, and the status of the funnel in words."""
    obstacle = main_obstacle(analysis, names)
    blocks: list[Block] = [Paragraph(obstacle.headline, "finding")]
    if obstacle.details:
        blocks.append(Bullets(obstacle.details))
    if obstacle.headline != analysis.funnel.message:
        blocks.append(Paragraph(f"At the central values: {analysis.funnel.message}", "note"))
    return Section("obstacle", obstacle.lead, tuple(blocks))
