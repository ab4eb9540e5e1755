"""What one can do with Servanda, one file a question, a few lines each.  Start reading here."""

from servanda.simulation.shared import shared_work
from servanda.workbench._analysis import analyse
from servanda.workbench._backtest import BACKTEST_DRAWS, backtest, backtest_charts
from servanda.workbench._brief import BESIDES, ask, brief, brief_pdf, saved_answer
from servanda.workbench._common import DRAWS, SEED, Progress, digest, read
from servanda.workbench._compare import COMPARE_DRAWS, compare, comparison_charts
from servanda.workbench._deals import deal_charts, deals
from servanda.workbench._dynamics import dynamics, dynamics_charts
from servanda.workbench._exchange import Exported, Imported, export_files, import_files
from servanda.workbench._inverse import inverse, inverse_charts
from servanda.workbench._levers import lever_charts, levers
from servanda.workbench._map import MAP_DRAWS, MAP_POINTS, answer_map, map_charts
from servanda.workbench._notebook import as_html, register
from servanda.workbench._order import check_plan, export_order, order, order_charts, save_plan
from servanda.workbench._pressure import PRESSURE_DRAWS, pressure, pressure_charts
from servanda.workbench._runs import run_folder, scenarios_of_run
from servanda.workbench._sensitivity import FEWEST_FOR_SHARES, sensitivity, sensitivity_charts
from servanda.workbench._simulate import HISTORIES, POLICIES, YEARS, history_charts, simulate
from servanda.workbench._talks import rounds_charts, talks, talks_charts, talks_rounds
from servanda.workbench._why import diagnosis_charts, why

__all__ = [
    "BACKTEST_DRAWS",
    "BESIDES",
    "COMPARE_DRAWS",
    "DRAWS",
    "Exported",
    "FEWEST_FOR_SHARES",
    "HISTORIES",
    "Imported",
    "PRESSURE_DRAWS",
    "MAP_DRAWS",
    "MAP_POINTS",
    "POLICIES",
    "Progress",
    "SEED",
    "YEARS",
    "analyse",
    "as_html",
    "ask",
    "answer_map",
    "backtest",
    "backtest_charts",
    "brief",
    "brief_pdf",
    "check_plan",
    "compare",
    "comparison_charts",
    "deal_charts",
    "deals",
    "diagnosis_charts",
    "digest",
    "dynamics",
    "dynamics_charts",
    "export_files",
    "export_order",
    "history_charts",
    "import_files",
    "inverse",
    "inverse_charts",
    "lever_charts",
    "levers",
    "map_charts",
    "order",
    "order_charts",
    "pressure",
    "pressure_charts",
    "read",
    "run_folder",
    "register",
    "rounds_charts",
    "save_plan",
    "scenarios_of_run",
    "saved_answer",
    "sensitivity",
    "sensitivity_charts",
    "shared_work",
    "simulate",
    "talks",
    "talks_charts",
    "talks_rounds",
    "why",
]
