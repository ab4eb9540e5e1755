"""Every promise in the catalogue has a test that holds every solver of its kind to it."""

from pathlib import Path

import pytest

from servanda.solvers.catalogue import CATALOGUE, EVERY_SOLUTION, find_solver
from servanda.solvers.solver_info import Promise

TESTS = Path(__file__).resolve().parents[1]

BARGAINING, LOTTERIES, FAIR = (
    "laws/test_bargaining_laws.py",
    "laws/test_lottery_laws.py",
    "laws/test_fair_and_stable_laws.py",
)
DELAY = "laws/test_delay_laws.py"
WAR, ORDER = "laws/test_war_laws.py", "laws/test_order_laws.py"
RANKINGS = "twins/test_rankings_twin.py"
TRANCHES, COMMITMENT = "solvers/test_tranches.py", "laws/test_commitment_laws.py"
TWIN, SUPPORT = (
    "twins/test_packages_twin.py",
    "laws/test_support_laws.py",
)

# kind and promise to the file and the test; tests of the first two kinds run over all their sheets
COVERED = {
    ("bargaining solution", Promise.INDIVIDUALLY_RATIONAL): (
        BARGAINING,
        "test_nobody_gets_less_than_without_a_deal",
    ),
    ("bargaining solution", Promise.PARETO_EFFICIENT): (
        BARGAINING,
        "test_the_answer_is_not_dominated",
    ),
    ("bargaining solution", Promise.SYMMETRIC): (
        BARGAINING,
        "test_relabelling_parties_relabels_the_answer",
    ),
    ("bargaining solution", Promise.SCALE_INVARIANT): (
        BARGAINING,
        "test_a_partys_scale_does_not_move_the_answer",
    ),
    ("bargaining solution", Promise.TRANSLATION_INVARIANT): (
        BARGAINING,
        "test_a_partys_zero_does_not_move_the_answer",
    ),
    ("bargaining solution", Promise.INDEPENDENT): (
        BARGAINING,
        "test_packages_not_chosen_can_be_taken_away",
    ),
    ("bargaining solution", Promise.DETERMINISTIC): (
        BARGAINING,
        "test_same_question_same_answer_and_inputs_unchanged",
    ),
    ("lottery solution", Promise.INDIVIDUALLY_RATIONAL): (
        LOTTERIES,
        "test_nobody_expects_less_than_without_a_deal",
    ),
    ("lottery solution", Promise.PARETO_EFFICIENT): (
        LOTTERIES,
        "test_no_lottery_is_better_for_all",
    ),
    ("lottery solution", Promise.SYMMETRIC): (
        LOTTERIES,
        "test_relabelling_parties_relabels_the_lottery",
    ),
    ("lottery solution", Promise.SCALE_INVARIANT): (
        LOTTERIES,
        "test_a_partys_scale_does_not_move_the_lottery",
    ),
    ("lottery solution", Promise.TRANSLATION_INVARIANT): (
        LOTTERIES,
        "test_a_partys_zero_does_not_move_the_lottery",
    ),
    ("lottery solution", Promise.INDEPENDENT): (
        LOTTERIES,
        "test_packages_not_drawn_from_can_be_taken_away",
    ),
    ("lottery solution", Promise.DETERMINISTIC): (
        LOTTERIES,
        "test_same_question_same_lottery_and_inputs_unchanged",
    ),
    ("improvement", None): (FAIR, "test_an_improvement_is_one_for_everybody_and_the_fairest"),
    ("division", Promise.PARETO_EFFICIENT): (
        FAIR,
        "test_adjusted_winner_leaves_no_division_better_for_both",
    ),
    ("division", Promise.EQUITABLE): (FAIR, "test_adjusted_winner_is_equitable_and_nobody_envies"),
    ("division", Promise.ENVY_FREE): (FAIR, "test_adjusted_winner_is_equitable_and_nobody_envies"),
    ("division", None): (FAIR, "test_adjusted_winner_does_not_depend_on_a_sides_scale"),
    ("talks over a pie", None): (FAIR, "test_alternating_offers_are_the_limit_of_the_finite_game"),
    ("talks over packages", None): (FAIR, "test_offers_over_packages_are_those_of_the_game_tree"),
    ("offer", None): (FAIR, "test_no_other_offer_expects_more"),
    ("payments", None): (FAIR, "test_side_payments_are_least_and_leave_nobody_short"),
    ("pressure", None): (
        FAIR,
        "test_pressure_only_opens_and_what_lasts_is_what_was_open_before",
    ),
    ("diagnosis", Promise.MINIMAL): (
        "twins/test_obstacles_twin.py",
        "test_corrections_and_conflicts_are_all_the_minimal_ones",
    ),
    ("diagnosis", Promise.DETERMINISTIC): (
        "twins/test_obstacles_twin.py",
        "test_answers_do_not_depend_on_chunks_threads_or_slots",
    ),
    ("least change", Promise.DETERMINISTIC): (
        "solvers/test_least_change.py",
        "test_the_same_problem_has_the_same_answer_and_arrays_stay",
    ),
    ("diagnosis of a large space", Promise.MINIMAL): (
        "twins/test_linear_obstacles_twin.py",
        "test_both_ways_say_the_same",
    ),
    ("package search", Promise.DETERMINISTIC): (
        TWIN,
        "test_answer_does_not_depend_on_chunks_or_threads",
    ),
    ("package search", None): (TWIN, "test_every_count_of_the_first_three_gates"),
    ("frontier", Promise.PARETO_EFFICIENT): (TWIN, "test_pareto_front"),
    ("frontier", None): (BARGAINING, "test_a_frontier_is_unmoved_by_scales_and_order"),
    ("frontier of a space", None): (
        "twins/test_frontier_twin.py",
        "test_the_frontier_of_a_whole_space_chunk_by_chunk",
    ),
    ("certified frontier", Promise.CERTIFIED): (
        "twins/test_structured_frontier_twin.py",
        "test_every_package_is_within_epsilon_of_a_point_listed",
    ),
    ("certified frontier", Promise.DETERMINISTIC): (
        "twins/test_structured_frontier_twin.py",
        "test_threads_do_not_change_the_points",
    ),
    ("order", Promise.CERTIFIED): (
        RANKINGS,
        "test_necessary_preference_is_the_linear_programs",
    ),
    ("order", Promise.SYMMETRIC): (RANKINGS, "test_relabelling_actors_relabels_what_follows"),
    ("order", Promise.DETERMINISTIC): (RANKINGS, "test_threads_do_not_change_what_follows"),
    ("ordinal solution", None): (RANKINGS, "test_fallback_bargaining_by_falling_back"),
    ("fit", Promise.DETERMINISTIC): (SUPPORT, "test_the_order_of_polls_does_not_matter"),
    ("war", Promise.DETERMINISTIC): (WAR, "test_neither_chunks_nor_threads_change_a_bit"),
    ("order of steps", Promise.DETERMINISTIC): (ORDER, "test_arrays_are_left_as_they_were"),
    ("sincerity", Promise.EQUILIBRIUM): (
        "twins/test_sincerity_twin.py",
        "test_play_is_that_of_the_explicit_tree",
    ),
    ("sincerity", Promise.BEST): (
        "laws/test_sincerity_laws.py",
        "test_no_other_step_put_first_is_worth_more_to_the_others",
    ),
    ("sincerity", Promise.DETERMINISTIC): (
        "laws/test_sincerity_laws.py",
        "test_same_question_same_answer_and_arrays_unchanged",
    ),
    ("commitment", Promise.MINIMAL): (COMMITMENT, "test_no_path_has_fewer_steps"),
    ("commitment", Promise.BEST): (COMMITMENT, "test_nothing_larger_is_kept"),
    ("commitment", Promise.DETERMINISTIC): (COMMITMENT, "test_same_question_same_answer"),
    ("tranches", Promise.MINIMAL): (TRANCHES, "test_no_step_could_have_a_part_fewer"),
    ("tranches", Promise.DETERMINISTIC): (TRANCHES, "test_the_same_question_has_the_same_answer"),
    ("repair", Promise.MINIMAL): (
        "twins/test_repairs_twin.py",
        "test_the_nearest_order_moves_the_fewest_stages",
    ),
    ("repair", Promise.DETERMINISTIC): (
        "laws/test_repair_laws.py",
        "test_repairs_are_the_same_every_time_and_leave_the_game_as_it_was",
    ),
    ("plans compared", Promise.DETERMINISTIC): (
        "laws/test_repair_laws.py",
        "test_repairs_are_the_same_every_time_and_leave_the_game_as_it_was",
    ),
    ("plan under chance", Promise.DETERMINISTIC): (
        "twins/test_chance_twin.py",
        "test_draws_are_single_evaluations_whatever_the_threads",
    ),
    ("search under chance", Promise.DETERMINISTIC): (
        "solvers/test_likeliest_order.py",
        "test_a_climb_finds_most_of_it_within_its_budget",
    ),
    ("response on a tree", Promise.DETERMINISTIC): (
        "solvers/test_quantal_response.py",
        "test_by_recursion_and_in_the_limit",
    ),
    ("talks while fighting", None): (
        "twins/test_talks_twin.py",
        "test_values_and_dates_are_those_of_the_definition",
    ),
    ("histories", None): ("laws/test_histories_laws.py", "test_lots_and_threads_do_not_matter"),
    ("history summary", None): (
        "laws/test_histories_laws.py",
        "test_lots_and_threads_do_not_matter",
    ),
    ("plan by moment", None): (
        "twins/test_histories_twin.py",
        "test_plans_are_kept_and_broken_as_the_chance_solver_says",
    ),
    ("rounds of talks", None): (
        "twins/test_rounds_twin.py",
        "test_rounds_are_those_of_the_definition",
    ),
    ("learning from answers", None): (
        "laws/test_rejection_laws.py",
        "test_the_order_of_answers_does_not_matter",
    ),
    ("participation", None): (
        "twins/test_participation_twin.py",
        "test_parts_are_differences_of_the_games_by_definition",
    ),
    ("early harvest", None): (
        "solvers/test_early_harvest.py",
        "test_nobody_loses_and_nothing_else_is_better_for_whom_it_serves_least",
    ),
    ("learning", None): (DELAY, "test_battles_teach_the_same_in_any_order"),
    ("resources", None): (DELAY, "test_a_war_of_resources_looks_the_same_from_the_other_side"),
    ("delay", Promise.EQUILIBRIUM): (
        DELAY,
        "test_waiting_to_persuade_is_that_of_the_tree_of_histories",
    ),
    ("delay", None): (DELAY, "test_the_same_question_has_the_same_answer"),
    ("standoff", None): (
        DELAY,
        "test_in_attrition_no_time_to_give_in_is_better_than_another",
    ),
    ("screening", Promise.BEST): (DELAY, "test_no_other_demand_is_worth_more"),
    ("screening", None): (DELAY, "test_the_same_question_has_the_same_answer"),
    ("mediation", Promise.BEST): (DELAY, "test_a_mediators_rule_is_used_and_used_truthfully"),
    ("mediation", None): (DELAY, "test_the_same_question_has_the_same_answer"),
    ("mediator", None): (
        DELAY,
        "test_a_mediator_within_the_bounds_tells_the_truth_and_no_other",
    ),
    ("patience", None): (
        "solvers/test_patience.py",
        "test_just_that_patience_keeps_it_up_and_less_does_not",
    ),
    ("shares of what many do", Promise.SYMMETRIC): (
        "solvers/test_shapley.py",
        "test_relabelling_players_relabels_shares",
    ),
    ("shares of what many do", None): (
        "solvers/test_shapley.py",
        "test_sampled_orders_come_near_and_repeat",
    ),
    ("sensitivity", None): ("solvers/test_sensitivity.py", "test_a_linear_answer_by_design"),
    ("reweighting", None): (
        "solvers/test_reweighting.py",
        "test_a_move_equals_the_probability_at_the_moved_mean",
    ),
    ("score of a forecast", None): (
        "solvers/test_scoring.py",
        "test_saying_what_one_believes_is_best",
    ),
    ("score of a band", None): (
        "solvers/test_interval_score.py",
        "test_the_true_quantiles_score_best",
    ),
    ("pressure that lapses", None): (
        "twins/test_lasting_twin.py",
        "test_as_defined",
    ),
    ("risk", None): (
        "solvers/test_certainty_equivalent.py",
        "test_it_is_worth_what_the_risk_is",
    ),
    ("graph model", None): (
        "twins/test_graph_model_twin.py",
        "test_only_the_order_counts_and_names_do_not",
    ),
    ("front", None): (
        "twins/test_front_process_twin.py",
        "test_beliefs_are_those_of_bayes_front_by_front",
    ),
    ("range", None): (FAIR, "test_a_division_in_the_range_leaves_neither_side_below_war"),
    ("guarantee", Promise.DETERMINISTIC): (FAIR, "test_credibility_is_a_function_of_its_arguments"),
}


@pytest.mark.parametrize("sheet", CATALOGUE, ids=lambda sheet: sheet.name)
def test_every_promise_has_a_test(sheet):
    for promise in sheet.promises:
        place = COVERED.get((sheet.kind, promise)) or COVERED.get((sheet.kind, None))
        assert place, f"no test of '{promise.name}' for solvers of the kind '{sheet.kind}'"
        assert place[1] in (TESTS / place[0]).read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["bargaining solution", "lottery solution"])
def test_solvers_of_a_kind_are_all_tested_by_being_listed(kind):
    places = {place[0] for (of, _), place in COVERED.items() if of == kind}
    for place in places:
        assert f'sheet.kind == "{kind}"' in (TESTS / place).read_text(encoding="utf-8")


def test_every_solution_asked_of_efficient_deals_is_one():
    assert {find_solver(name).kind for name in EVERY_SOLUTION} == {"bargaining solution"}
