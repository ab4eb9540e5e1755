"""What one can do with Servanda, one file a question, a few lines each.  Start reading here."""

from servanda.workbench._analysis import analyse, brief
from servanda.workbench._backtest import BACKTEST_DRAWS, backtest, backtest_charts
from servanda.workbench._common import DRAWS, SEED, Progress, digest, read
from servanda.workbench._deals import deal_charts, deals
from servanda.workbench._exchange import Exported, Imported, export_files, import_files
from servanda.workbench._levers import lever_charts, levers
from servanda.workbench._order import check_plan, export_order, order, order_charts, save_plan
from servanda.workbench._runs import run_folder, scenario_of_run
from servanda.workbench._sensitivity import FEWEST_FOR_SHARES, sensitivity, sensitivity_charts
from servanda.workbench._simulate import HISTORIES, POLICIES, YEARS, history_charts, simulate
from servanda.workbench._talks import talks, talks_charts
from servanda.workbench._why import diagnosis_charts, why

__all__ = [
    "BACKTEST_DRAWS",
    "DRAWS",
    "Exported",
    "FEWEST_FOR_SHARES",
    "HISTORIES",
    "Imported",
    "POLICIES",
    "Progress",
    "SEED",
    "YEARS",
    "analyse",
    "backtest",
    "backtest_charts",
    "brief",
    "check_plan",
    "deal_charts",
    "deals",
    "diagnosis_charts",
    "digest",
    "export_files",
    "export_order",
    "history_charts",
    "import_files",
    "lever_charts",
    "levers",
    "order",
    "order_charts",
    "read",
    "run_folder",
    "save_plan",
    "scenario_of_run",
    "sensitivity",
    "sensitivity_charts",
    "simulate",
    "talks",
    "talks_charts",
    "why",
]
