"""Results told in lists and sentences, block by block: the heading or item they stand under, and those that wait for the end."""

import re
from collections.abc import Iterable
from dataclasses import replace

from cardaudit.dialects.parts.attributed_claims import attributed, tells_attributes
from cardaudit.dialects.parts.chapter import is_about_evaluation, lead_of
from cardaudit.dialects.parts.class_claims import score_of_class
from cardaudit.dialects.parts.counted_claims import counted_pair, counts_behind
from cardaudit.dialects.parts.decoding import in_words
from cardaudit.dialects.parts.draft import Draft
from cardaudit.dialects.parts.foreign_claims import foreign_claims
from cardaudit.dialects.parts.joined_pairs import SHORT_SPLITS, joined_pair, listed_metrics, metrics_of_named
from cardaudit.dialects.parts.names import is_metric_label, metric_key
from cardaudit.dialects.parts.numbers import MARKUP, STDERR, later_of, read_measured
from cardaudit.dialects.parts.pairs import Pair
from cardaudit.dialects.parts.sentences import metrics_in, tells_nothing, tells_number
from cardaudit.dialects.parts.two_splits import results_under
from cardaudit.document import Block, Bullet, Code, Heading, Line, Paragraph
from cardaudit.patterns import deferred
from cardaudit.records import Printed, Result, Span

UNNAMED = deferred(r"(?:(?:test|eval(?:uation)?|validation) )?results?\b", re.I)
QUALIFIED = deferred(r"[*_`% ]{0,5}(?:\(| (?:at|with|on) )|[*_`%]{0,4} (?:at|with|on) ")
BASE = deferred(r"(?:the )?(?:base(?:line)?|original|pre-?trained|before)\b.*", re.I)
BEFORE = deferred(r"\b(?:before|base(?:line)?)\b", re.I)
LONGEST_NAME = 60
PRINTED = frozenset(("", "yaml", "yml", "json", "text", "txt", "plain", "plaintext", "bash", "sh", "shell", "console"))


class ToldReader:
    """Puts results into a draft. `stated` are those of sentences that name no data set: they may become the headline.

    `head` is the block above the list at hand.
    `told_results` is imported where a number is at hand: what it needs takes longer to import than most cards to read.
    """

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.stated: list[tuple[str, Printed]] = []
        self._unnamed: list[tuple[Pair, str | None, str | None]] = []
        self._in_evaluation = False
        self._section = ""
        self._sections: list[tuple[int, str]] = []
        self._parent: tuple[int, str] | None = None
        self.head: Block | None = None
        self._in_list = False

    def open_section(self, heading: Heading) -> None:
        """A heading; the card's title is no section."""
        self._section = heading.text if heading.level > 1 else ""
        self._sections = [each for each in self._sections if each[0] < heading.level] + [(heading.level, self._section)]
        self._in_evaluation = is_about_evaluation(heading.text)

    def _lead(self) -> str:
        """The heading or the last line above the list at hand."""
        head = self.head
        return head.text if isinstance(head, Heading) else head.lines[-1].text if isinstance(head, Paragraph) else ""

    def list_lead(self) -> str:
        """The line that leads to the list at hand; "" outside lists."""
        return lead_of(self.head) if self._in_list else ""

    def later_of(self, pair: Pair, metric: str) -> int:
        """Where the last number of a pair's change begins; the first is that of "before", where the heading says so."""
        later = later_of(pair.value)
        told = BEFORE.search(self._section) if later and is_metric_label(metric) else None
        earlier = read_measured(pair.value, pair.start, pair.label) if told else None
        self.draft.results.extend([Result(metric, earlier, model=told[0])] if earlier and told else ())
        return later

    def _metric_above(self) -> str:
        """The metric that the heading or the one line above a list is the name of: the models listed were measured so."""
        head, words = self.head, self._lead()
        if not 0 < len(words) < LONGEST_NAME or (isinstance(head, Paragraph) and len(head.lines) > 1):
            return ""
        key = metric_key(words.strip(MARKUP + ":"))
        return key if is_metric_label(key) and "_" not in key else ""

    def take_placed(self, pair: Pair, metric: str, number: Printed) -> bool:
        """A listed metric with what its label, or the words behind it or above it, tell of it; False where they tell nothing."""
        behind = pair.value[number.span.end - pair.start :]
        self._read_behind(behind, number.span.end)
        result = self._placed(pair.label, metric, number)
        if behind and (error := STDERR.match(behind)):
            self.draft.also_read.append(Span(number.span.end, number.span.end + error.end()))
        told = counted_pair(pair) or ([result] if result else [])
        if "(" in pair.label or (behind and QUALIFIED.match(behind)):
            from cardaudit.dialects.parts.qualifiers import further, qualified

            whole = qualified(result or Result(metric, number), behind)
            told = [whole, *further(whole, behind)] if result or whole.dataset or whole.split or whole.setting else []
        counted = counts_behind(self.draft.document.text, number) if behind and metric.endswith("accuracy") else ()
        self.draft.results.extend((*told, *counted))
        return bool(told)

    def _read_behind(self, text: str, start: int) -> None:
        """The further metrics of a line that begins with one: "WER=21.5% CER=7.2%", "F1: 0.9, with a recall of 0.8"."""
        more = text.lstrip(" ,;|/*_`") if ":" in text or "=" in text or text.startswith(", ") else ""
        listed = listed_metrics(more, start + len(text) - len(more)) if more else []
        for each in listed or [Result(*told) for told in metrics_in(text, start)]:
            self._keep(each)

    def _placed(self, label: str, metric: str, number: Printed) -> Result | None:
        """The same by the label or by the words above alone."""
        own = None
        if " " in label:
            section = self._section.lower()
            if section and label.lower().startswith(section + " ") and is_metric_label(key := metric_key(label[len(section) :])):
                return Result(key, number, dataset=label[: len(section)])
            from cardaudit.dialects.parts.table_labels import bare, read_label

            role = read_label(bare(label))
            if (role.dataset or BASE.fullmatch(role.model or "")) and role.metric and is_metric_label(role.metric):
                return Result(role.metric, number, None, role.dataset, role.split, role.model, role.setting)
            if role.split and role.metric and is_metric_label(role.metric):
                metric, own = role.metric, role.split
        dataset, split = self.place_above(lead_of(self.head) if self._in_list else "")
        way = in_words(self._section) or in_words(self._lead())
        told = dataset or way or (own and own.lower() in SHORT_SPLITS)  # "val acc", in shorthand
        return Result(metric, number, dataset=dataset, split=own or split, setting=way) if told else None

    def read_items(self, block: Code, lead: str) -> None:
        """The metrics that a fence prints: a dict, or, where it holds no program, an item a line. `lead` is the line above it."""
        quoted = block.language not in PRINTED
        lines = [line for line in block.lines if "." in line.text and (":" in line.text or (not quoted and "=" in line.text))]
        if not lines:
            return
        from cardaudit.dialects.parts.printed_dicts import results_of_items

        alone = len(lines) == 1 == len(block.lines) and lead != "" and self.place_above(lead)[0] is not None
        if found := results_of_items(lines, quoted, placed=alone):
            dataset, split = self.place_above(lead)
            self.draft.results.extend(replace(each, dataset=each.dataset or dataset, split=split) for each in found)

    def end_list(self) -> None:
        """Any block but an item."""
        self._parent, self._in_list = None, False

    def next_item(self, bullet: Bullet) -> None:
        """An item that is not under the one that names a benchmark closes it."""
        self._in_list = True
        if self._parent and bullet.indent <= self._parent[0]:
            self._parent = None

    def open_list(self, bullet: Bullet) -> None:
        """A benchmark's name as an item: the items under it are about it."""
        if len(bullet.text) > LONGEST_NAME or not bullet.text[:1].strip("*_`[").isalnum():
            return
        from cardaudit.dialects.parts.places import benchmark_named

        if name := benchmark_named(bullet.text):
            self._parent = bullet.indent, name

    def place_above(self, lead: str = "") -> tuple[str | None, str | None]:
        """The benchmark, and the split, that the item, the line that leads to a table, or else the heading tells of."""
        if self._parent:
            return self._parent[1], None
        if not (lead or self._section):
            return None, None
        from cardaudit.dialects.parts.lead_words import place_told
        from cardaudit.dialects.parts.places import Place, place_named, place_of_section

        place = place_named(lead) if lead else Place()
        told = place_told(lead) if lead and not place.dataset else place
        if told.dataset:
            return told
        above = place_of_section(self._sections)
        return above.dataset, above.split or told.split

    def put_table(self, results: Iterable[Result], lead: str) -> None:
        """The results of a table; what the words above it tell holds where the table names no data set."""
        found = list(results)
        dataset, split = None, None
        if any(result.dataset is None for result in found):
            dataset, split = self.place_above(lead)
        elif found and lead:
            from cardaudit.dialects.parts.lead_words import place_told

            split = place_told(lead).split
        if dataset or split:
            from cardaudit.dialects.parts.places import placed

            found = [placed(each, dataset, split) for each in found]
        self.draft.results.extend(found)

    def take_named(self, pair: Pair, measured: bool = False) -> bool:
        """A number whose label names a benchmark (`measured`: under any heading); "Test Result: 12.3 %" waits for the end."""
        if self._in_list and (of_class := score_of_class(pair, self._lead())):
            return self._put(of_class, pair.begin)
        if any(map(pair.value.__contains__, "/, ")) and (joined := joined_pair(pair) or metrics_of_named(pair)):
            self.draft.results.extend(joined)
            return True
        if not pair.value.lstrip(MARKUP)[:1].isdigit():
            return False
        if way := in_words(pair.label):
            key, number = metric_key(pair.label.replace(way, " ")), read_measured(pair.value, pair.start, pair.label)
            if number and is_metric_label(key):
                return self._put(Result(key, number, setting=way), pair.begin)
        from cardaudit.dialects.parts.told_results import result_of_pair, unnamed_result

        if UNNAMED.match(pair.label):
            if pair.label.endswith(")") and (told := unnamed_result(pair, "")):
                return self._put(told, pair.begin)
            self._unnamed.append((pair, *self.place_above()))
        return self._put(result_of_pair(pair, self._in_evaluation or measured, self._metric_above()), pair.begin)

    def take_dict(self, text: str, start: int) -> bool:
        """A printed dict of metrics."""
        from cardaudit.dialects.parts.printed_dicts import lead_above, results_of_dict

        told = results_of_dict(text, start)
        above = lead_above(self.draft.document.text, start) if told else ""
        dataset, split = self.place_above(above) if above else (None, None)
        if dataset:
            self.draft.results.extend(replace(each, dataset=dataset, split=split) for each in told)
        else:
            self.stated.extend((result.metric, result.number) for result in told)
        return bool(told)

    def read_sentence(self, line: Line, in_inference: bool) -> None:
        """The metrics of a line, named before their numbers or behind them."""
        for told in foreign_claims(line.text, line.start) if not in_inference else ():
            self._keep(told)
        if self._section and not in_inference and (found := results_under(self._section, line)):
            self.draft.results.extend(found)
            return
        if tells_nothing(line.text):
            return
        before = len(self.stated)
        self.stated.extend(metrics_in(line.text, line.start))
        if self.stated[before:] and tells_attributes(line.text):
            self._put_placed(line, before)
        if in_inference or not tells_number(line.text):
            return
        from cardaudit.dialects.parts.told_results import lone_results, results_in_sentence

        lone = lone_results(line.text, line.start)
        known = {number.span.start for _, number in self.stated[before:]}
        for result in lone or results_in_sentence(line.text, line.start):
            if result.number.span.start not in known:
                self._keep(result)

    def _keep(self, result: Result) -> None:
        """A result that is told to be on a data set or a split, or another model's, stands; any other may be the headline."""
        if result.dataset or result.split or result.model:
            self.draft.results.append(result)
        else:
            self.stated.append((result.metric, result.number))

    def _put_placed(self, line: Line, before: int) -> None:
        """Those of a sentence's metrics are results whose attributes it tells."""
        told = self.stated[before:]
        del self.stated[before:]
        for metric, number in told:
            found = attributed(metric, number, line.text, line.start)
            self.draft.results.extend(found)
            if not found:
                self.stated.append((metric, number))

    def read_paragraph(self, whole: Line) -> None:
        """A claim that runs over lines."""
        if "best score" in whole.text:
            from cardaudit.dialects.parts.told_results import best_score

            self._put(best_score(whole.text, whole.start), whole.start)

    def use_stated_as_headline(self) -> None:
        """Sentences speak where no list of metrics did: the first word on each metric is the headline, the rest results."""
        use = not self.draft.headline
        for metric, number in self.stated:
            if use and metric not in self.draft.headline:
                self.draft.headline[metric] = number
            else:
                self.draft.results.append(Result(metric, number))
        self.stated = []

    def use_stated_as_results(self) -> None:
        """Sentences beside a list of metrics, or about other models, are results."""
        if not (self.stated or self._unnamed):
            return
        from cardaudit.dialects.parts.places import places_around
        from cardaudit.dialects.parts.told_results import unnamed_result

        text = self.draft.document.text
        for pair, dataset, split in self._unnamed:
            told = unnamed_result(pair, text, self.draft.metadata.metrics)
            self._put(replace(told, dataset=dataset, split=told.split or split) if told and dataset else told, pair.begin)
        for (metric, number), place in zip(self.stated, places_around(text, self.stated), strict=True):
            self.draft.results.append(Result(metric, number, dataset=place.dataset, split=place.split))
            self.draft.results.extend(counts_behind(text, number) if metric.endswith("accuracy") else ())
        self.stated, self._unnamed = [], []

    def _put(self, result: Result | None, begin: int) -> bool:
        if result is not None:
            self.draft.also_read.append(Span(begin, result.number.span.end))
            self.draft.results.append(result)
        return result is not None
