"""*Exam*: every exercise of the page by its tab, what is done, and a mixed set by seed and length."""

from explorer.fields import Field, OneOf, Text
from explorer.lessons.exercises import NUMBERS
from explorer.tabs.kit.layout.mode import Mode
from explorer.tabs.kit.layout.panel import Control, Panel, Shows

EXAM_LENGTHS = (5, 10, 20)
COUNT = Field("count", OneOf(EXAM_LENGTHS), 10, "the number of questions")
TOPICS = Field("topics", Text(200), "", "the tabs that the questions come from")

MODE = Mode(
    "exam",
    "Exam",
    "test",
    fields=[NUMBERS, COUNT, TOPICS],
    panel=Panel(
        None,
        [
            [Control(COUNT, "segments", "Questions", options={each: str(each) for each in EXAM_LENGTHS})],
        ],
        shows=Shows("Choose the topics, then answer the questions one by one", []),
        says={
            "set": "{count:0} questions on {topics}. {done:0} answered, {right:0} of them right.",
            "all": "{all:0} exercises in {tabs:0} tabs. You have answered {done:0} with these numbers.",
            "seed": "Who opens this link gets the same questions and the same numbers.",
        },
    ),
)
