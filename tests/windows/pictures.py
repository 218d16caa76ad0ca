"""Documents that are looked at closer: pages, images, XML of which a part is signed."""

import time

import pyatspi

from window import HEARD, Window, keys, settles, type_text, xdotool

PASSWORD = ("password text", "Пароль")


def place(window, name):
    extents = window.button(name).queryComponent().getExtents(pyatspi.WINDOW_COORDS)
    return extents.x, extents.y, extents.width, extents.height


def look(window, within=12.0):
    window.press("Показать")
    window.wait_until_it_says("Страница 1 из 12", within)


def test_a_page_is_drawn_when_somebody_looks_and_what_is_typed_is_still_the_password():
    with Window("pdf") as window:
        assert window.focused() == PASSWORD
        window.wait_until_it_says("12 страниц", 12.0)
        assert not window.says("Страница 1 из 12"), "nobody looked yet"
        look(window)
        assert window.says("Подписывается сам файл"), "the picture is not what is signed"
        # On a low screen the page pushes the field out of sight, and the toolkit takes the focus from it where the mouse
        # happens to lie: the first letter brings it back.
        type_text("abc")
        settles(lambda: window.node("password text")[2] == "●" * 3, "what was typed is not in the field")
        window.focus_settles(*PASSWORD)


def test_the_password_gets_the_focus_back_that_it_lost_below_the_mouse():
    # The mouse lies where the main button comes to be. For a moment, while the window grows, the field is out of sight, and
    # the toolkit takes the focus from what is out of sight when the mouse meets something else.
    xdotool("mousemove", 933, 670)
    with Window("pdf-broken") as window:
        assert window.focused() == PASSWORD
        window.press("Показать")
        window.wait_until_it_says("Нарисовать документ не удалось", 12.0)
        window.focus_settles(*PASSWORD)
        type_text("abc")
        settles(lambda: window.node("password text")[2] == "●" * 3, "what was typed is not in the field")


def test_nothing_moves_when_the_picture_comes():
    with Window("pdf") as window:
        window.press("Показать")
        window.wait_until_it_says("Крупнее")
        time.sleep(0.3)
        before = place(window, "Подписать")
        window.wait_until_it_says("Страница 1 из 12", 12.0)
        time.sleep(0.3)
        assert place(window, "Подписать") == before


def test_pages_are_turned_as_far_as_there_are_some():
    with Window("pdf") as window:
        look(window)
        window.press("Предыдущая")
        window.press("Следующая")
        window.wait_until_it_says("Страница 2 из 12", 12.0)
        window.press("Предыдущая")
        window.wait_until_it_says("Страница 1 из 12", 12.0)
    with Window("pdf-one-page") as window:
        window.press("Показать")
        window.wait_until_it_says("1 страница", 12.0)
        assert not window.says("Следующая")


def test_a_page_is_reached_and_scrolled_with_the_keyboard():
    with Window("pdf", "en") as window:
        keys("shift+Tab", "shift+Tab", "shift+Tab", "shift+Tab", "Return")
        window.wait_until_it_says("Page 1 of 12", 12.0)
        for _ in range(3):
            if window.focused()[0] == "image":
                break
            keys("Tab")
            time.sleep(0.4)
        window.focus_settles("image", "PDF document. Page 1 of 12")
        keys("Page_Down", "Down", "End", "Home", "plus")
        window.wait_until_it_says("Fit the width")
        keys("minus")
        window.wait_until_it_says("Zoom in")
        window.expect_nothing(0.1)
        keys("Tab", "Tab")
        window.focus_settles("push button", "Next page ›")
        keys("Return")
        window.wait_until_it_says("Page 2 of 12", 12.0)
        window.expect_nothing(0.1)


def test_what_cannot_be_drawn_is_said_and_its_octets_are_shown():
    with Window("pdf-broken") as window:
        window.press("Показать")
        window.wait_until_it_says("Нарисовать документ не удалось", 12.0)
        assert window.says("нарисовать не удалось"), "beside its size"
        assert window.says("25 50 44 46"), "its first octets"
        window.focus_settles(*PASSWORD)
        type_text("abc")
        settles(lambda: window.node("password text")[2] == "●" * 3, "what was typed is not in the field")
        time.sleep(HEARD)
        keys("Return")
        window.expect(r"Decide.*")


def test_an_image_says_how_large_it_is():
    with Window("image") as window:
        window.press("Показать")
        window.wait_until_it_says("1500 × 2000", 12.0)
        assert window.node("image", "Изображение")


def test_each_document_of_a_batch_is_opened():
    with Window("pictures-and-others") as window:
        assert window.says("4 документа, всего ")
        window.press("Показать")
        window.wait_until_it_says("Страница 1 из 2", 12.0)
        assert window.node("image", "Документ 1. Страница 1 из 2")
        for _ in range(12):
            if window.focused()[0] in ("list", "list item"):
                break
            keys("shift+Tab")
            time.sleep(0.15)
        keys("Down")
        window.wait_until_it_says("timeTicket")
        keys("Down")
        window.wait_until_it_says("1 страница", 12.0)
        keys("Down")
        window.wait_until_it_says("Содержимое не передано")


def test_a_signed_part_is_marked_and_can_be_seen_as_it_is_hashed():
    with Window("part") as window:
        assert window.says("Подписывается только часть документа")
        window.press("Показать")
        window.wait_until_it_says("Подписывается: ")
        lines = [name for _, name, _, _ in window.tree() if "<" in name]
        assert any(name == "  <reference>0017-2026</reference>" for name in lines), lines
        assert any(name.startswith("Подписывается: ") and "<applicant>" in name for name in lines), lines
        window.press("Показать точно то, что хешируется")
        settles(lambda: not window.says("0017-2026"), "what is not signed is shown as if it were")
        assert window.says("<statement Id=\"s1\"><applicant>")
        window.press("Показать удобно для чтения")
        window.wait_until_it_says("0017-2026")


def test_a_window_with_a_picture_signs_as_any_other():
    with Window("pdf") as window:
        look(window)
        type_text("Qwerty12")
        time.sleep(HEARD)
        window.click_primary()
        window.expect(r"Decide.*")
