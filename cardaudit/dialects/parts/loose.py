"""What is read wherever it stands: settings, versions, metrics and tables that their own names give away."""

import re
from collections.abc import Sequence

from cardaudit.dialects.parts.chapter import Chapter, chapter, lead_of, led_by
from cardaudit.dialects.parts.code import loaded_datasets, loaded_models, looks_like_code, training_arguments
from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.epoch_table import Known, columns_of, is_epoch_table, is_trainer_table, read_epoch_table
from cardaudit.dialects.parts.fixed_width import find_set_tables, lines_outside
from cardaudit.dialects.parts.further_training import continued, is_timed
from cardaudit.dialects.parts.hyperparameters import BY_SPELLING, FAMILIAR, hyperparameter_key
from cardaudit.dialects.parts.keras_optimizer import optimizer_of_pairs, with_first_rate
from cardaudit.dialects.parts.lora_settings import of_lora
from cardaudit.dialects.parts.lost_table import find_lost_tables, tells_table
from cardaudit.dialects.parts.names import is_metric_label, metric_key
from cardaudit.dialects.parts.numbers import has_digit, read_measured
from cardaudit.dialects.parts.optimizer_parts import PARTS, with_parts
from cardaudit.dialects.parts.pairs import Pair, pair_in, pairs_of_table
from cardaudit.dialects.parts.precision import as_trainer_prints, plain_rows
from cardaudit.dialects.parts.printed_logs import read_printed
from cardaudit.dialects.parts.quick_look import says_nothing
from cardaudit.dialects.parts.sentences import metrics_in
from cardaudit.dialects.parts.told_reader import ToldReader
from cardaudit.dialects.parts.versions import read_versions
from cardaudit.dialects.parts.wide_settings import own_settings, pairs_of_row
from cardaudit.dialects.parts.worded_settings import (
    WORDED_KEYS,
    SettingsReader,
    is_argument,
    is_of_no_training,
    listed_settings,
    of_training,
    pairs_of_worded,
)
from cardaudit.document import Block, Bullet, Code, Heading, Line, Paragraph, Table
from cardaudit.patterns import deferred
from cardaudit.records import DatasetMention, Printed, Result, Span

LEAD = deferred(
    r"(?:hyper-?\s?parameters?|settings|arguments|quantization config) (?:was|were|are|is) used (?:during|for|to|in) ", re.I
)
CODE = frozenset(("", "python", "py", "python3", "bash", "sh", "shell", "console", "yaml", "yml", "json"))
MOST_TABLES = 2_000  # of results that are read: of 20,231 cards, none has over 110 tables
BOTH = deferred(r"\bboth\b|\btrain(?:ing)? (?:and|&) eval", re.I)


class LooseReader:
    """Reads blocks in order into a draft. `headline_open`: whether a group of metrics may still become the headline."""

    def __init__(self, draft: Draft, headline_open: bool = True) -> None:
        self.draft = draft
        self.results = ToldReader(draft)
        self.loaded: list[DatasetMention] = []
        self.models: list[Printed] = []
        self.coded: list[Pair] = []
        self._settings = SettingsReader(draft)
        self._optimizer_parts: list[Pair] = []
        self.trainer_table = False
        self._headline_open = headline_open
        self._in_headline = False
        self._in_settings = False
        self._chapter = Chapter()
        self._before: Block | None = None
        self._set_until = 0
        self._result_tables = 0
        self._training_table: tuple[Table, str] | None = None

    def read(self, block: Block) -> None:
        """Takes what a block says."""
        if isinstance(block, Bullet):
            self._read_bullet(block)
        elif isinstance(block, Paragraph):
            self._end_group()
            if (lines := self._outside_set_tables(block.lines)) and not says_nothing(text := self._text_of(lines)):
                self._read_lines(lines, text)
        elif isinstance(block, Table):
            self._end_group()
            self.read_table(block)
        elif isinstance(block, Code):
            self._end_group()
            if block.lines:
                self._read_fence(block)
        elif isinstance(block, Heading):
            self._end_group()
            self._chapter = chapter(block.text)
            self._in_settings = self._chapter.of_settings
            self.results.open_section(block)
            self._settings.open_section(block.text)
            self._read_heading(block)
        self._before = led_by(self._before, block)

    def _read_fence(self, block: Code) -> None:
        if block.language in CODE:
            self._read_code(block.lines)
            self.coded.extend(listed_settings(block.lines, lead_of(self._before)))
        self.coded.extend(read_printed(self.draft, self._text_of(block.lines), block.lines))
        self.results.read_items(block, lead_of(self._before))
        if (lines := self._outside_set_tables(block.lines)) and tells_table(self._text_of(lines)):
            for table in find_lost_tables(lines):
                self.read_table(table)

    def _read_heading(self, heading: Heading) -> None:
        """A heading may itself be a metric with its number ("### WER: 4.7 %"), or a setting ("##### Epochs: **1**")."""
        pair = pair_in(heading.text, heading.start) if heading.level > 1 and has_digit(heading.text) else None
        if pair and (is_metric_label(metric_key(pair.label)) or hyperparameter_key(pair.label) in BY_SPELLING):
            self.take_pair(pair)
        elif "= " in heading.text or " of " in heading.text:
            self.results.stated.extend(metrics_in(heading.text, heading.start))

    def read_table(self, table: Table) -> None:
        """The first training table (the Trainer's, where there is one), a table of settings, or, as any other, one of results."""
        columns = columns_of([cell.text for cell in table.header.cells])
        draft = self.draft
        first_of_trainer = is_trainer_table(columns) and not self.trainer_table
        timed = is_epoch_table(columns) and is_timed(table)
        if timed and (not draft.epochs or first_of_trainer):
            if self._training_table:
                self._read_as_results(*self._training_table)
            self._training_table = table, self._chapter.heading
            draft.epochs, draft.elided = read_epoch_table(table, self._known())
            draft.also_read.append(table.header.line.span)
            self.trainer_table = first_of_trainer
            return
        if timed and (further := continued(read_epoch_table(table, self._known()).rows, draft.epochs)):
            draft.epochs += further
            return
        pairs = with_first_rate(pairs_of_table(table, self._chapter.heading) or pairs_of_row(table))
        self.draft.optimizer = self.draft.optimizer or (optimizer_of_pairs(pairs) if pairs else None)
        for pair in pairs or own_settings(table, draft.document):
            self.take_pair(pair, in_settings=True)
        if not pairs:
            self._read_as_results(table, self._chapter.heading)

    def _read_as_results(self, table: Table, heading: str) -> None:
        self._result_tables += 1
        if self._result_tables > MOST_TABLES:
            return
        from cardaudit.dialects.parts.rouge_cells import read_results_of  # what it needs takes long to import

        results, also_read = read_results_of(table, heading, self._before, self.draft.document.text)
        self.results.put_table(results, lead_of(self._before))
        self.draft.also_read.extend(also_read)

    def take_pair(self, pair: Pair, in_settings: bool = False) -> bool:
        """A setting, or a metric with its number: the first group of metrics is the headline, later ones are results."""
        pair = of_lora(of_training(pair, self._chapter), self._chapter.heading, self.results.list_lead)
        key = hyperparameter_key(pair.label)
        if is_of_no_training(key, pair, self._chapter, self.draft.document.text):
            return False
        if key == "train_batch_size" and BOTH.search(pair.value):
            self.draft.put_setting(pair._replace(label="eval_batch_size"))
        self._settings.read_behind(key, pair, self._chapter)
        if key in PARTS:
            self._optimizer_parts.append(pair)
        elif key in WORDED_KEYS and (worded := pairs_of_worded(key, pair)):
            return sum(map(self.draft.put_setting, worded)) > 0
        metric = metric_key(pair.label)
        in_settings = in_settings or key in FAMILIAR or (self._chapter.of_training and is_argument(pair.label, metric))
        if self.draft.put_setting(pair, known_only=not in_settings):
            return True
        if later := self.results.later_of(pair, metric):
            pair = pair._replace(value=pair.value[later:], start=pair.start + later)
        is_named = is_metric_label(metric) and not ("%" in pair.label or ", " in pair.label)
        number = read_measured(pair.value, pair.start, pair.label) if is_named else None
        if number is None or (metric.endswith("precision") and number.text in ("8", "16", "32", "64")):
            is_set = number is not None or self._chapter.of_inference or in_settings
            return not is_set and self.results.take_named(pair, measured=later > 0)
        self.draft.also_read.append(Span(pair.begin, pair.start))
        if self.results.take_placed(pair, metric, number):
            return True
        if (self._headline_open or self._in_headline) and metric not in self.draft.headline:
            self._headline_open, self._in_headline = False, True
            self.draft.headline[metric] = number
        else:
            self.draft.results.append(Result(metric, number))
        return True

    def finish(self) -> None:
        """What can only be said at the end: code and sentences where no list spoke, and how precisely the numbers are printed."""
        self.use_coded_settings()
        self.use_stated_as_results()
        self.set_precision()

    def finish_plainly(self) -> None:
        """The same for a generator whose table has the Trainer's columns, not its precision."""
        self.trainer_table = False
        self.finish()

    def use_coded_settings(self) -> None:
        """What code sets and sentences tell counts where no list says it: a script beside the list is often of another run."""
        for pair in (*self.coded, *self._settings.agreed()):
            self.draft.put_setting(pair, known_only=False)
        parts = self._optimizer_parts + [pair for pair in self.coded if pair.label.startswith("adam_") and pair.label in PARTS]
        if self.draft.optimizer and parts:
            self.draft.optimizer = with_parts(self.draft.optimizer, parts)

    def use_stated_as_headline(self) -> None:
        """Sentences speak where no list of metrics did: the first word on each metric is the headline, the rest results."""
        self.results.use_stated_as_headline()

    def use_stated_as_results(self) -> None:
        """Sentences beside a list of metrics, or about other models, are results."""
        self.results.use_stated_as_results()

    def set_precision(self) -> None:
        """The Trainer's precision where its table was carried over, half a unit of the last digit elsewhere."""
        draft = self.draft
        if not self.trainer_table:
            draft.epochs = plain_rows(draft.epochs)
            return
        version = draft.versions.get("transformers")
        draft.epochs, draft.headline = as_trainer_prints(draft.epochs, draft.headline, version.text if version else None)

    def _end_group(self) -> None:
        self._in_headline = False
        self.results.end_list()

    def _read_bullet(self, bullet: Bullet) -> None:
        if not isinstance(self._before, Bullet):
            self.results.head = self._before
        self.results.next_item(bullet)
        if says_nothing(bullet.text):
            self.results.open_list(bullet)
            return
        if self.draft.put_versions(read_versions(bullet.text, bullet.start, self._chapter.heading)):
            return
        if bullet.text[0] in "{`" and self.results.take_dict(bullet.text, bullet.start):
            return
        pair = pair_in(bullet.text, bullet.start)
        if pair is None or not self.take_pair(pair, self._in_settings):
            words = Line(bullet.start, bullet.text)
            if has_digit(bullet.text):
                self.results.read_sentence(words, self._chapter.of_inference)
            self.results.open_list(bullet)
            self._settings.read_spaced(bullet.text, bullet.start, self._chapter)
            self._settings.read(words, self._chapter)

    def _outside_set_tables(self, lines: Sequence[Line]) -> Sequence[Line]:
        """Reads the tables of HTML and of fixed width that begin in lines; the lines that lie in none."""
        text = self.draft.document.text
        free = lines[0].start >= self._set_until
        found = find_set_tables(text, lines if free else [line for line in lines if line.start >= self._set_until])
        if not found and free:
            return lines
        for table in (each.table for each in found if each.table is not None):
            self.read_table(table)
        before = self._set_until
        self._set_until = max([before, *(each.end for each in found)])
        return lines_outside(lines, before, found)

    def _read_lines(self, lines: Sequence[Line], text: str) -> None:
        """Reads lines, which stand together as `text`."""
        tables = find_lost_tables(lines) if len(lines) > 1 and tells_table(text) else []
        in_tables = {row.line.start for table in tables for row in (table.header, *table.rows)}
        for table in tables:
            self.read_table(table)
        code = [line for line in lines if looks_like_code(line.text) and line.start not in in_tables]
        if code:
            self._read_code(code)
        skip = in_tables | ({line.start for line in code} if self.loaded or self.models else set())
        for line in lines:
            if line.start not in skip:
                self._read_line(line)
        if not code and not tables:
            whole = Line(lines[0].start, text)
            self._settings.read(whole, self._chapter)
            self.results.read_paragraph(whole)
        is_lead = lines[-1].text.rstrip().endswith(":") and LEAD.search(lines[-1].text) is not None
        self._in_settings = self._in_settings or is_lead
        if lines[-1].text.rstrip().endswith(":"):
            self._settings.lead(lines[-1].text)

    def _text_of(self, lines: Sequence[Line]) -> str:
        return self.draft.document.text[lines[0].start : lines[-1].end]

    def _read_line(self, line: Line) -> None:
        bare = line.text.lstrip()
        start = line.start + len(line.text) - len(bare)
        if any_digit := has_digit(bare):
            self.draft.put_versions(read_versions(bare, start, self._chapter.heading))
            if bare[0] in "{`" and self.results.take_dict(bare, start):
                return
        taken = (pair := pair_in(bare, start)) is not None and self.take_pair(pair)
        if any_digit and not taken:
            self._settings.read_spaced(bare, start, self._chapter)
            self.results.read_sentence(Line(start, bare), self._chapter.of_inference)

    def _read_code(self, lines: Sequence[Line]) -> None:
        self.coded.extend(training_arguments(lines, self.draft.name))
        for line in lines:
            if "(" in line.text:
                self.loaded.extend(loaded_datasets(line))
                self.models.extend(loaded_models(line))

    def _known(self) -> Known:
        epochs, loss = self.draft.settings.get("num_epochs"), self.draft.headline.get("loss")
        loss = loss or next((number for metric, number in self.results.stated if metric == "loss"), None)
        return Known(epochs.value if epochs else None, loss.value if loss else None)
