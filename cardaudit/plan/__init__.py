"""Card -> Plan: what would be trained, each value with where it is from, and for each assumed one the reason.

Keys of `--set KEY=VALUE` and of a `[plan]` table in cardaudit.toml or in the source.toml beside a card:

    task                         token-classification or text-classification
    base_model                   a folder, or a Hub id with or without @revision
    same_base                    true declares that this base model is the card's own
    dataset                      a folder, a file, or a Hub id with or without @revision
    same_dataset                 true declares that this data is the card's own
    same_evaluation              false: the card's evaluation examples were drawn at random and are not known (an unseeded
                                 train_test_split), so that room is left for another draw; assumed where the card says so,
                                 and where eval_file is a cut of data that has no evaluation split; true: they are known
    dataset_config               the data set's config (subset)
    format                       parquet, csv, json, conll, or hub
    train_split, eval_split      names of splits
    train_file, eval_file        files, instead of splits
    train_limit, eval_limit      use only the first N examples
    text_columns (text_column)   one name, or two separated by a comma
    label_column                 a name; for CoNLL columns a number, -1 the last
    labels                       their order, separated by commas
    learning_rate, train_batch_size, eval_batch_size, gradient_accumulation_steps, num_epochs, max_steps,
    optimizer, adam_beta1, adam_beta2, adam_epsilon, weight_decay, max_grad_norm, lr_scheduler_type,
    warmup_steps, warmup_ratio, label_smoothing_factor, precision (fp32, tf32, fp16, bf16), max_length
    seed                         the card's own seed, for the replay
    eval_strategy                epoch or steps
    eval_steps, logging_steps    in optimizer updates
    load_best_model_at_end       true: the headline is that of the best evaluation; false: it is not, whatever the table shows
    metric_for_best_model        what is best: loss, or a metric's name
    greater_is_better            true or false, where the name does not tell
    label_all_tokens             true labels every sub-token of a word, false the first
    b_to_i                       true turns the B- of the other sub-tokens into I-
    problem_type                 single_label_classification, multi_label_classification, or regression
    average                      binary, micro, macro, or weighted precision, recall and F1
    metrics                      what to compute, separated by commas
    stock_accumulation_loss      true keeps the undivided loss of transformers 5.x under accumulation
    semantics                    the transformers version whose arithmetic of steps holds, such as 4.24; from 4.6 to 4.26 the
                                 order of the examples and the updates under accumulation are those of 4.24 too
"""

from dataclasses import replace

from cardaudit.errors import NotEnoughFacts
from cardaudit.plan.best import plan_best
from cardaudit.plan.dataset import Data, plan_dataset
from cardaudit.plan.describe import describe
from cardaudit.plan.estimate import estimate
from cardaudit.plan.hyperparameters import card_seed, plan_training
from cardaudit.plan.ledger import Ledger
from cardaudit.plan.model import plan_model
from cardaudit.plan.schedule import plan_schedule
from cardaudit.plan.settings import OVERRIDES, PlanSettings, spaced_seeds
from cardaudit.plan.steps import implied_examples, printed_steps_per_epoch, steps_per_epoch, version_of
from cardaudit.plan.task import plan_options, plan_task
from cardaudit.records import Card, Missing, Plan, Training

__all__ = ["OVERRIDES", "PlanSettings", "describe", "make_plan"]


def make_plan(card: Card, settings: PlanSettings | None = None) -> Plan:
    """Everything that a run of the card needs, resolved, with model and data as local snapshots.

    Raises NotEnoughFacts with every missing fact at once, and CardauditError where something that was named cannot be had, or a
    key or a value of the settings is wrong.
    """
    settings = settings or PlanSettings()
    if settings.resolve:
        _plan(card, replace(settings, resolve=False))  # tells what is missing before anything is downloaded
    return _plan(card, settings)


def _plan(card: Card, settings: PlanSettings) -> Plan:
    ledger = Ledger(card, settings)
    seed = card_seed(ledger)
    seeds = spaced_seeds(seed, settings.seeds)
    task = plan_task(ledger)
    model = plan_model(ledger)
    training = plan_training(ledger, model.longest if model else None)
    schedule = plan_schedule(ledger)
    implied = implied_examples(card, training.train_batch_size, training.gradient_accumulation_steps)
    data = plan_dataset(ledger, task or "token_classification", implied)
    if task is None or model is None or data is None or ledger.missing:
        raise NotEnoughFacts(_sentence(ledger.missing), tuple(ledger.missing))
    options = plan_options(ledger, task, data.label, training)
    semantics = _semantics(ledger)
    best = plan_best(ledger, task)
    _compare_steps(ledger, training, data)
    return Plan(
        mode="train",
        recipe=task,
        model=model.plan,
        dataset=data.plan,
        training=training,
        schedule=schedule,
        task_options=options,
        seeds=seeds,
        replay_seed=seed if settings.replay else None,
        semantics=semantics,
        assumptions=tuple(ledger.assumptions),
        overrides={**settings.table, **settings.overrides},
        estimate=estimate(training, schedule, data, model, version_of(card)),
        origins=ledger.origins,
        best=best,
    )


def _sentence(missing: list[Missing]) -> str:
    facts = "; ".join(f"{fact.because} ({fact.flag})" if fact.flag else fact.because for fact in missing)
    return f"the card does not say enough for a run: {facts}"


def _semantics(ledger: Ledger) -> str:
    given: str | None = ledger.given("semantics")
    version = version_of(ledger.card)
    if given is not None:
        return given
    if version is None:
        return ledger.assume("semantics", "5.x", "the card names no version of transformers; today's", "4.24")
    return ledger.found("semantics", f"{version[0]}.{version[1]}", "the card's version of transformers")


def _compare_steps(ledger: Ledger, training: Training, data: Data) -> None:
    """Says where the data's steps an epoch are not those of the card's table."""
    printed = printed_steps_per_epoch(ledger.card)
    if printed is None or data.train_examples is None:
        return
    version = version_of(ledger.card)
    ours = steps_per_epoch(data.train_examples, training.train_batch_size, training.gradient_accumulation_steps, version)
    if not printed.low <= ours <= printed.high:
        implied = implied_examples(ledger.card, training.train_batch_size, training.gradient_accumulation_steps)
        theirs = f"the card's table has {printed} steps an epoch, which take {implied} training examples"
        reason = f"{theirs}; the data has {data.train_examples:,}"
        ledger.assume("steps_per_epoch", ours, reason, str(printed))
