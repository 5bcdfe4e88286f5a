"""*Never seen* and *Codes* in the browser: a cell opens its prompts, a code is tapped and changed."""

from playwright.sync_api import Page, expect

from tests.tab import Tab

UNSEEN, CODES = Tab("words", "words", "unseen"), Tab("words", "words", "codes")


def test_a_cell_opens_prompts_of_its_kind_each_with_the_reading_of_the_judge(page: Page, app_url: str):
    UNSEEN.open(page, app_url, "")
    main = UNSEEN.main(page)
    main.get_by_role("row", name="New pair").get_by_role("link").first.click()
    UNSEEN.wait_until(page, "x.store.get().prompts === 'd-2' && x.mode().drawn")
    figures = main.locator(".judged figure")
    expect(figures).to_have_count(4)
    for each in figures.all():
        is_right = each.get_attribute("data-right") == "true"
        expect(each.locator("b")).to_have_text("✓ right" if is_right else "✗ wrong")
        assert is_right != bool(each.locator("mark").count())
    assert "prompts=d-2" in page.url


def test_a_tapped_code_is_the_one_that_changes(page: Page, app_url: str):
    CODES.open(page, app_url, "far=0")
    CODES.wait_until(page, "x.mode().value")
    picture = CODES.main(page).get_by_role("application").nth(1)
    box = picture.bounding_box()
    picture.click(position={"x": box["width"] * 2.5 / 12, "y": box["height"] * 0.5 / 12})
    CODES.wait_until(page, "x.store.get().codec === 'latents' && x.store.get().place === 2")
    picture.press("ArrowDown")
    CODES.wait_until(page, "x.store.get().place === 14 && x.mode().value")
    expect(CODES.panel(page)).to_contain_text("of the pixels.")
