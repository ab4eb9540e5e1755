"""What one can do with Servanda, one file a question, a few lines each.  Start reading here."""

from servanda.workbench._analysis import analyse, brief
from servanda.workbench._backtest import BACKTEST_DRAWS, backtest, backtest_charts
from servanda.workbench._common import DRAWS, SEED, Progress, digest, read
from servanda.workbench._deals import deal_charts, deals
from servanda.workbench._exchange import Exported, Imported, export_files, import_files
from servanda.workbench._inverse import inverse, inverse_charts
from servanda.workbench._levers import lever_charts, levers
from servanda.workbench._map import MAP_DRAWS, MAP_POINTS, answer_map, map_charts
from servanda.workbench._order import check_plan, export_order, order, order_charts, save_plan
from servanda.workbench._sensitivity import FEWEST_FOR_SHARES, sensitivity, sensitivity_charts
from servanda.workbench._talks import talks, talks_charts
from servanda.workbench._why import diagnosis_charts, why

__all__ = [
    "BACKTEST_DRAWS",
    "DRAWS",
    "Exported",
    "FEWEST_FOR_SHARES",
    "Imported",
    "MAP_DRAWS",
    "MAP_POINTS",
    "Progress",
    "SEED",
    "analyse",
    "answer_map",
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
    "import_files",
    "inverse",
    "inverse_charts",
    "lever_charts",
    "levers",
    "map_charts",
    "order",
    "order_charts",
    "read",
    "save_plan",
    "sensitivity",
    "sensitivity_charts",
    "talks",
    "talks_charts",
    "why",
]
