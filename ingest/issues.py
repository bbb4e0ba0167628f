"""What could not be read, why, and on which line: the one list of reasons, in two languages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """``error``: something was refused or set aside. ``warning``: all was read, but look at it."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Reason:
    """A kind of issue: its severity and its words (placeholders: found, expected)."""

    severity: Severity
    english: str
    chinese: str


_E, _W = Severity.ERROR, Severity.WARNING

# fmt: off
REASONS: dict[str, Reason] = {
    # of a whole document
    "missing_document": Reason(_E, "there is no such file or folder", "找不到该文件或文件夹"),
    "unsupported_format": Reason(_E, "this kind of file cannot be read: found {found}, expected {expected}",
                                 "无法读取此类文件：实际为 {found}，应为 {expected}"),
    "damaged_document": Reason(_E, "the file is damaged or not what it begins as: found {found}, expected {expected}; "
                               "download it again or save it anew from the program that made it",
                               "文件已损坏或格式有误：实际为 {found}，应为 {expected}；请重新下载，或用原程序另存"),
    "no_text_layer": Reason(_E, "the PDF has no text, its {found} pages are images: recognise the text first "
                            "({expected}), and check the figures against the pages",
                            "PDF 没有文字层（{found} 页均为图像）：请先进行文字识别（{expected}），并核对金额"),
    "unmapped_document": Reason(_E, "the PDF's fonts do not say which characters they print ({found} of them): "
                                "recognise the text from the pages ({expected}), and check the figures",
                                "PDF 字体未注明字符含义（{found} 个字符）：请按页面进行文字识别（{expected}），并核对金额"),
    "encrypted_document": Reason(_E, "the file is encrypted: save it without a password first",
                                 "文件已加密：请先取消密码另存"),
    "unsafe_document": Reason(_E, "the file declares what no such file needs and what is used to do harm: "
                              "found {found}, expected {expected}",
                              "文件含有此类文件不应有的危险声明：实际为 {found}，应为 {expected}"),
    "limit_exceeded": Reason(_E, "the file holds more than is read of any file: found {found}, "
                             "expected at most {expected}",
                             "文件超出读取上限：实际为 {found}，最多 {expected}"),
    "time_exceeded": Reason(_E, "reading the file took too long and was stopped: found {found}, "
                            "expected at most {expected}",
                            "读取超时，已中止：实际为 {found}，最多 {expected}"),
    "reader_crashed": Reason(_E, "the process that read the file broke down: found {found}, expected {expected}",
                             "读取进程异常终止：实际为 {found}，应为 {expected}"),
    "empty_document": Reason(_E, "the file is empty: expected the text of a disclosure",
                             "文件为空：应为公开文件的文本"),
    "unreadable_encoding": Reason(_E, "the text is in no known encoding: found {found}, expected {expected}",
                                  "文本编码无法识别：实际为 {found}，应为 {expected}"),
    "not_a_disclosure": Reason(_E, "this is no budget or final account: found {found}, expected {expected}",
                               "不是预算或决算公开文件：实际为 {found}，应有 {expected}"),
    # of a table, which is then set aside
    "unknown_layout": Reason(_E, "the table's header fits no template: found {found}, expected {expected}",
                             "表头与任何模板不符：实际为 {found}，应为 {expected}"),
    "ambiguous_template": Reason(_E, "the table fits more than one template: {found}; expected {expected}",
                                 "该表同时符合多个模板：{found}；应为 {expected}"),
    "duplicate_table": Reason(_E, "the same official table stands twice: {found}; expected {expected}",
                              "同一张表出现两次：{found}；应为 {expected}"),
    "missing_unit": Reason(_E, "the table prints no unit of money: found {found}, expected {expected}",
                           "该表未注明金额单位：实际为 {found}，应为 {expected}"),
    "conflicting_unit": Reason(_E, "the table prints two units of money: found {found}, expected {expected}",
                               "该表注明了两种金额单位：实际为 {found}，应为 {expected}"),
    "missing_grid": Reason(_E, "the title is followed by no table: found {found}, expected {expected}",
                           "标题之后没有表格：实际为 {found}，应为 {expected}"),
    "wrong_cell_count": Reason(_E, "the row has the wrong number of cells: found {found}, expected {expected}",
                               "该行单元格数目不符：实际为 {found}，应为 {expected}"),
    "malformed_amount": Reason(_E, "this is no amount: found {found}, expected {expected}",
                               "不是有效金额：实际为 {found}，应为 {expected}"),
    "unknown_row": Reason(_E, "the template knows no such row: found {found}, expected {expected}",
                          "模板中没有这一行：实际为 {found}，应为 {expected}"),
    "unknown_empty_row": Reason(_W, "the template knows no such row, and it has no figure: found {found}, "
                                "expected {expected}",
                                "模板中没有这一行，该行也没有数字：实际为 {found}，应为 {expected}"),
    "unlabelled_amount": Reason(_E, "an amount stands in a row without a label: found {found}, expected {expected}",
                                "金额所在行没有项目名称：实际为 {found}，应为 {expected}"),
    "duplicate_row": Reason(_E, "the same row stands twice: found {found}, expected {expected}",
                            "同一行出现两次：实际为 {found}，应为 {expected}"),
    "unjoined_table": Reason(_E, "the table goes on in other columns, and no header says which: found {found}, "
                             "expected the header again, {expected}",
                             "续表的栏位与上页不一致且无表头：实际为 {found}，应重复表头 {expected}"),
    # worth a look, nothing was left out
    "wrong_extension": Reason(_W, "the file's name claims another kind than it is: found {found}, expected {expected}",
                              "文件扩展名与内容不符：实际为 {found}，应为 {expected}"),
    "hidden_part": Reason(_W, "a hidden part of the spreadsheet was not read: {found}",
                          "电子表格中的隐藏部分未读取：{found}"),
    "unknown_table": Reason(_W, "a table with figures is none of the official ones known: found {found}, nearest {expected}",
                            "该表有数字，但不是已知的公开表：实际为 {found}，最接近 {expected}"),
    "repeated_table": Reason(_W, "a table under another title prints nothing but what another one prints: {found}, "
                             "read from {expected}",
                             "另一标题下的表与已有表的数字完全相同：{found}，已读取 {expected}"),
    "dropped_watermark": Reason(_W, "characters of a watermark were left out: {found}", "已略去水印字符：{found} 个"),
    "dropped_hidden_text": Reason(_W, "characters that the page does not show were left out: {found}",
                                  "已略去页面上不可见的字符：{found} 个"),
    "dropped_doubled_text": Reason(_W, "characters printed twice in one place were counted once: {found}",
                                   "已略去重叠打印的字符：{found} 个"),
    "unmapped_characters": Reason(_W, "characters whose font does not say what they mean, kept as unknown: {found}",
                                  "字体未注明含义的字符，按未知保留：{found} 个"),
    "covered_numbers": Reason(_W, "numbers are painted over, and what covers them was read: {found}",
                              "有数字被覆盖，已按页面可见内容读取：{found}"),
    "missing_pages": Reason(_W, "the printed page numbers skip some: found {found}, expected {expected}",
                            "页码不连续：实际为 {found}，应为 {expected}"),
    "unknown_line": Reason(_W, "a line in the table's region is neither row, header nor note: {found}",
                           "表内有一行既非数据、表头，也非附注：{found}"),
    "missing_label": Reason(_W, "a row with a code prints no name: {found}, expected {expected}",
                            "有编码而无名称：{found}，应为 {expected}"),
    "missing_total": Reason(_W, "a table with figures prints no row of its total: expected {expected}, found {found}",
                            "该表有数字而缺合计行：应有 {expected}，实际为 {found}"),
    "name_mismatch": Reason(_W, "one code bears two names: found {found}, expected {expected}",
                            "同一编码的名称前后不一致：实际为 {found}，应为 {expected}"),
    "repeated_row": Reason(_W, "a row repeats another one, name and figures: found {found}, expected {expected}",
                           "该行与另一行的名称、金额均相同：实际为 {found}，应为 {expected}"),
    "contradictory_claim": Reason(_W, "the narrative says of one figure that it changed and that it did not: {found}",
                                  "情况说明对同一数字既称增减又称持平：{found}"),
    "heading_year": Reason(_W, "a heading names another year than the document: found {found}, expected {expected}",
                           "标题所写年度与文件年度不一致：实际为 {found}，应为 {expected}"),
    "year_mismatch": Reason(_W, "the table prints another year than the document: found {found}, expected {expected}",
                            "表内年度与文件年度不一致：实际为 {found}，应为 {expected}"),
    "unit_name_mismatch": Reason(_W, "the table names another unit than the title: found {found}, expected {expected}",
                                 "表内单位名称与封面不一致：实际为 {found}，应为 {expected}"),
    "declared_empty_with_data": Reason(_W, "the table is declared empty and yet has figures: found {found}",
                                       "该表注明无数据，但列有金额：{found}"),
    # of the narrative
    "unattributed_claim": Reason(_W, "the narrative states a figure, and nothing tells what of: {found}",
                                 "情况说明中的数字不知所指：{found}"),
    "unread_number": Reason(_W, "a number of the narrative has no unit, or is malformed: {found}",
                            "情况说明中的数字没有计量单位或格式有误：{found}"),
    # of a performance form
    "unreadable_form": Reason(_E, "of a performance form only its year or its notes are left, on lines {found}",
                              "绩效表只剩年度或附注，无法读取，见第 {found} 行"),
    "unreadable_form_line": Reason(_E, "a line of a performance form cannot be read: {found}",
                                   "绩效表内有一行无法读取：{found}"),
    "unreadable_amounts": Reason(_E, "the figures do not fit their columns: found {found}, expected {expected}",
                                 "数字与栏目不符：实际为 {found}，应为 {expected}"),
    "form_without_title": Reason(_W, "the performance form has no title: found {found}, expected {expected}",
                                 "绩效表没有标题：实际为 {found}，应有 {expected}"),
    "missing_form_amount": Reason(_W, "the total of one side of the performance form prints no amount: {found}",
                                  "绩效表一侧的合计没有金额：{found}"),
    "cut_off_indicator": Reason(_W, "an indicator is cut off, its value or its name is missing: {found}",
                                "绩效指标不完整，缺指标值或名称：{found}"),
    "unplaced_indicator": Reason(_W, "nothing tells which side of the form this indicator stands on: {found}",
                                 "无法判断该指标属于实施期还是年度：{found}"),
    "missing_score": Reason(_W, "the indicator has a weight and no score: {found}",
                            "该指标有分值而无得分：{found}"),
    "unread_form_words": Reason(_W, "words in the head of a performance form belong to no label: {found}",
                                "绩效表表头中有不知所属的文字：{found}"),
}
# fmt: on


@dataclass(frozen=True)
class Issue:
    """One thing that could not be read, or was read and is odd."""

    reason: str
    line_no: int | None
    statement_code: str | None = None
    found: str = ""
    expected: str = ""
    page_no: int | None = None

    @property
    def severity(self) -> Severity:
        return REASONS[self.reason].severity

    @property
    def english(self) -> str:
        return REASONS[self.reason].english.format(found=self.found, expected=self.expected)

    @property
    def chinese(self) -> str:
        return REASONS[self.reason].chinese.format(found=self.found, expected=self.expected)

    def describe(self, document: str) -> str:
        """Word the issue for a person: where, what in Chinese, what in English."""
        page = "" if self.page_no is None else f" p.{self.page_no}"
        line = "" if self.line_no is None else f":{self.line_no}"
        table = "" if self.statement_code is None else f" [{self.statement_code}]"
        return f"{document}{page}{line}{table} {self.chinese}。 {self.english[0].upper()}{self.english[1:]}."


def quote(text: str, limit: int = 40) -> str:
    """Quote what a document prints, shortened: parsed tables never carry its sentences."""
    text = text.replace("\t", " | ").strip()
    return f"“{text if len(text) <= limit else text[: limit - 1] + '…'}”"


class IngestError(Exception):
    """A document, template or parsed table was refused whole. The message is for a person."""


class RefusedDocument(IngestError):
    """A document was refused whole; ``issue`` says why."""

    def __init__(self, document: str, issue: Issue) -> None:
        self.document = document
        self.issue = issue
        super().__init__(issue.describe(document))


class InvalidTemplate(IngestError):
    """A template file breaks the rules for templates."""


class BrokenParsedTables(IngestError):
    """A file of parsed tables cannot be trusted."""
