"""Servanda: which agreements would be kept, in which order of steps, under which guarantees.

The names below are resolved when they are first used, so that importing the package costs nothing::

    import servanda

    scenario = servanda.read("geneva-2026")
    analysis = servanda.analyse(scenario, draws=200)
    page = servanda.brief_page(analysis, scenario)

In a notebook an answer shows itself as tables and charts when it is the last line of a cell.
"""

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

from servanda.version import VERSION as __version__  # noqa: N811 (the customary name)

if TYPE_CHECKING:
    from servanda.errors import ScenarioError, ServandaError
    from servanda.files.read import shipped
    from servanda.files.results import load_result, save_result
    from servanda.files.schema import scenario_schema
    from servanda.files.write import dump_scenario
    from servanda.results.analysis import Analysis
    from servanda.results.encode import to_columns
    from servanda.scenario.evidence import ledger
    from servanda.scenario.model import Scenario
    from servanda.workbench import (
        analyse,
        answer_map,
        as_html,
        backtest,
        brief_pdf,
        compare,
        deals,
        digest,
        dynamics,
        export_files,
        import_files,
        inverse,
        levers,
        order,
        pressure,
        read,
        sensitivity,
        shared_work,
        simulate,
        talks,
        talks_rounds,
        why,
    )
    from servanda.workbench import brief as brief_page

_FACE = {
    "Analysis": "servanda.results.analysis:Analysis",
    "Scenario": "servanda.scenario.model:Scenario",
    "ScenarioError": "servanda.errors:ScenarioError",
    "ServandaError": "servanda.errors:ServandaError",
    "analyse": "servanda.workbench:analyse",
    "answer_map": "servanda.workbench:answer_map",
    "as_html": "servanda.workbench:as_html",
    "backtest": "servanda.workbench:backtest",
    "brief_page": "servanda.workbench:brief",  # servanda.brief is the package
    "brief_pdf": "servanda.workbench:brief_pdf",
    "compare": "servanda.workbench:compare",
    "deals": "servanda.workbench:deals",
    "digest": "servanda.workbench:digest",
    "dump_scenario": "servanda.files.write:dump_scenario",
    "dynamics": "servanda.workbench:dynamics",
    "export_files": "servanda.workbench:export_files",
    "import_files": "servanda.workbench:import_files",
    "inverse": "servanda.workbench:inverse",
    "ledger": "servanda.scenario.evidence:ledger",
    "levers": "servanda.workbench:levers",
    "load_result": "servanda.files.results:load_result",
    "order": "servanda.workbench:order",
    "pressure": "servanda.workbench:pressure",
    "read": "servanda.workbench:read",
    "save_result": "servanda.files.results:save_result",
    "scenario_schema": "servanda.files.schema:scenario_schema",
    "sensitivity": "servanda.workbench:sensitivity",
    "shared_work": "servanda.workbench:shared_work",
    "shipped": "servanda.files.read:shipped",
    "simulate": "servanda.workbench:simulate",
    "talks": "servanda.workbench:talks",
    "talks_rounds": "servanda.workbench:talks_rounds",
    "to_columns": "servanda.results.encode:to_columns",
    "why": "servanda.workbench:why",
}

__all__ = [
    "__version__",
    "read",
    "analyse",
    "deals",
    "order",
    "talks",
    "talks_rounds",
    "simulate",
    "why",
    "levers",
    "pressure",
    "inverse",
    "sensitivity",
    "answer_map",
    "compare",
    "backtest",
    "dynamics",
    "shared_work",
    "brief_page",
    "brief_pdf",
    "as_html",
    "to_columns",
    "shipped",
    "ledger",
    "digest",
    "dump_scenario",
    "scenario_schema",
    "import_files",
    "export_files",
    "save_result",
    "load_result",
    "Scenario",
    "Analysis",
    "ServandaError",
    "ScenarioError",
]


def __getattr__(name: str) -> Any:
    if name in _FACE:
        module, _, attribute = _FACE[name].partition(":")
        return getattr(import_module(module), attribute)
    if name.startswith("__"):
        raise AttributeError(name)
    from servanda.errors import NotFoundError

    raise AttributeError(str(NotFoundError("name in servanda", name, __all__)))


def __dir__() -> list[str]:
    return sorted(__all__)


def _show_answers() -> None:
    """Where IPython runs already, let answers show themselves."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if shell is not None:
        from servanda.workbench import register

        register(shell)


_show_answers()
