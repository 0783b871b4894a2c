"""Cards in Chinese, Japanese and Korean: the base and the data that their sentences name, their settings, metrics and tables."""

import pytest
from told import results

from cardaudit import read_card


def card_of(text):
    return read_card(f"---\nlicense: mit\n---\n# M\n\n{text}\n", "acme/letters")


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("このモデルはtiny-bert-baseをファインチューニングしたものです。", "tiny-bert-base"),
        ("本モデルは acme/tiny-bert をデータ（約2万文）を用いてファインチューニングしました。", "acme/tiny-bert"),
        ("[acme/tiny-bart](https://huggingface.co/acme/tiny-bart)をベースに学習したものです。", "acme/tiny-bart"),
        ("本模型由acme/tiny-vit在自建图像数据集上微调得到。", "acme/tiny-vit"),
        ("基于 tiny-bert-base 微调。", "tiny-bert-base"),
        ("在acme/tiny-bert的基础上继续预训练。", "acme/tiny-bert"),
        ("acme/tiny-roberta 모델을 파인튜닝한 모델입니다.", "acme/tiny-roberta"),
        ("[Letter-kit](https://example.org)를 기반으로 합니다.", None),
        ("letters-dataset を用いてファインチューニングしました。", None),
        ("我们在 acme/letters-qa 数据集上微调了它。", None),
        ("このモデルはU-Netをベースにしています。", None),
    ],
)
def test_the_base_that_a_sentence_names(text, base):
    card = card_of(text)
    assert (card.base_model.text if card.base_model else None) == base
    assert card.base_model is None or card.text[slice(*card.base_model.span)] == base


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("LetterQA-v1データセットを用いて学習しました。", ["LetterQA-v1"]),
        ("我们在 LetterQA 数据集上训练了它。", ["LetterQA"]),
        ("LetterQA 데이터셋으로 학습했습니다.", ["LetterQA"]),
        ("我们在自建数据集上训练了它。", []),
        ("LetterQA データセットは公開されています。", []),
    ],
)
def test_the_data_that_a_sentence_names(text, named):
    assert [each.id for each in card_of(text).datasets] == named


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("在测试集上达到0.61的准确率和0.93的交叉熵损失。", ["accuracy=0.61 split:test", "loss=0.93 split:test"]),
        ("验证集上准确率为95.2%，F1值达到0.93。", ["accuracy=95.2% split:validation", "f1=0.93 split:validation"]),
        ("テストデータでの正解率は0.861でした。", ["accuracy=0.861 split:test"]),
        ("정확도는 95.1% 입니다.", ["accuracy=95.1%"]),
        ("训练集准确率为0.99。", []),
        ("比基线提高2.3%的准确率。", []),
        ("- **正解率**：　0.91\n- 損失: 0.31", ["headline: accuracy=0.91", "headline: loss=0.31"]),
    ],
)
def test_metrics_of_sentences(text, read):
    assert results(text) == read


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        ("学习率为2e-5，批次大小为32，训练了3个epoch。", ("2e-5", "32", "3")),
        ("学習率は1e-4、バッチサイズは16です。10エポック学習しました。", ("1e-4", "16", "10")),
        ("- 学習パラメータ: エポック数=10, lr=1e-4", ("1e-4", None, "10")),
        ("後半300エポックは再開しました。", (None, None, None)),
        ("学習率は1e-4から5e-5へ。", (None, None, None)),
        ("## BERTとの性能比較\n\n学習率は1e-4です。", (None, None, None)),
    ],
)
def test_settings_of_sentences(text, settings):
    read = card_of(text).hyperparameters
    seen = (read.learning_rate, read.train_batch_size, read.num_epochs)
    assert tuple(each and each.text for each in seen) == settings


@pytest.mark.parametrize(
    ("table", "read"),
    [
        (
            "- 文書分類\n  |メトリック|BERT|TinyBERT(高速化後)|\n  |---|---|---|\n"
            "  |学習時間(s)|58.0|39.7|\n  |正解率|86.4%|85.5%|",
            ["accuracy=86.4% model:BERT", "accuracy=85.5% model:TinyBERT setting:高速化後"],
        ),
        (
            "|モデル|正解率|F値|\n|---|---|---|\n|BERT|0.91|0.90|",
            ["accuracy=0.91 model:BERT", "f1=0.90 model:BERT"],
        ),
        (
            "| 模型 | 精确率 | 召回率 |\n|---|---|---|\n| bert-tiny | 90.1 | 90.2 |",
            ["precision=90.1 model:bert-tiny", "recall=90.2 model:bert-tiny"],
        ),
        ("| 指标 | 数值 |\n|---|---|\n| 准确率 | 91.2 |\n| 损失 | 0.31 |", ["accuracy=91.2", "loss=0.31"]),
        ("| 모델 | 정확도 |\n|---|---|\n| KoBERT | 0.912 |", ["accuracy=0.912 model:KoBERT"]),
    ],
)
def test_tables_with_headers_of_their_language(table, read):
    assert results(table) == read


REPORT = "              precision    recall  f1-score   support\n\n"


@pytest.mark.parametrize(
    ("row", "read"),
    [
        ("     組織       \u30000.83      0.90      0.87       215\n", ["0.83", "0.90", "0.87", "215"]),
        ("     PER\u00a0\u00a00.83\u00a0\u00a00.90\t0.87\u20030215\n", ["0.83", "0.90", "0.87", "0215"]),
        ("     ORG   0.83*      0.90      0.87       215\n", []),
        ("     組織                       0.87       215\n", []),
        ("     ORG                        0.87       215\n", ["f1-score 0.87", "215"]),
    ],
)
def test_blanks_of_any_width_part_the_cells_of_a_report(row, read):
    """A number that stays in the name, or a name of wide letters, would shift what edges tell: such rows are not read."""
    numbers = [each.number.text for each in card_of(f"```\n{REPORT}{row}```").results]
    assert numbers == [text.rpartition(" ")[2] for text in read]
