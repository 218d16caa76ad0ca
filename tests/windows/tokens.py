"""What the signing window does with tokens: PINs, the last try, readers that ask, tokens that come and go."""

import time

from window import CHECKED, HEARD, Window, keys, settles, type_text


def test_a_token_is_opened_with_a_pin():
    with Window("token") as window:
        assert window.says("Токен: Әлия")
        assert window.focused() == ("password text", "PIN-код"), window.focused()
        keys("Return")
        window.expect_nothing()
        assert window.says("Введите PIN-код токена")
        type_text("1234")
        keys("Return")
        window.expect(r"Decide.*")


def test_the_last_try_of_a_pin_needs_its_box_each_time():
    with Window("token-last-try") as window:
        assert window.says("Последняя попытка")
        type_text("1234")
        keys("Return")
        window.expect_nothing()
        window.wait_until_it_says("Сначала отметьте")
        assert window.focused()[0] == "check box", window.focused()
        window.click_primary()
        window.expect_nothing()
        keys("space")
        time.sleep(0.3)
        assert CHECKED in window.node("check box")[3], "the box is not set"
        window.click_primary()
        window.expect(r"Decide.*")
        window.wait_until_it_says("Неверный")
        assert CHECKED not in window.node("check box")[3], "the box is still set for the next try"


def test_a_pin_that_is_typed_at_the_reader_has_no_field_here():
    with Window("token-pin-pad") as window:
        assert all(role != "password text" for role, *_ in window.tree())
        assert window.says("на считывателе")
        assert window.focused() == ("push button", "Подписать"), window.focused()
        keys("Return")
        window.expect(r"Decide.*")


def test_a_token_that_is_taken_out_is_waited_for_with_what_was_typed():
    with Window("token-returns", settle=0.2) as window:
        type_text("1234")
        window.wait_until_it_says("Токен вынут", within=8)
        time.sleep(HEARD)
        keys("Return")
        window.expect_nothing()
        assert window.says("Вставьте токен с этим ключом")
        assert window.node("password text")[2] == "●" * 4
        settles(lambda: not window.says("Токен вынут"), "the token is still missed", 8)
        time.sleep(HEARD)
        assert window.node("password text")[2] == "●" * 4
        assert window.focused() == ("password text", "PIN-код"), window.focused()
        keys("Return")
        window.expect(r"Decide.*")


def test_what_was_typed_for_one_token_is_not_offered_to_another():
    def go(key, role):
        for _ in range(8):
            if window.focused()[0] == role:
                return
            keys(key)
            time.sleep(0.15)
        raise AssertionError(f"no {role} is reached with {key}")

    with Window("tokens-and-files") as window:
        # Enter on the key asks for its PIN; Tab alone goes past a field that is scrolled out of sight.
        keys("Down", "Down", "Return")
        window.focus_settles("password text", "PIN-код")
        type_text("1234")
        assert window.node("password text")[2] == "●" * 4
        go("shift+Tab", "radio button")
        keys("Down")
        settles(lambda: window.node("password text")[2] == "", "it would count as a wrong PIN there")


def test_a_token_that_joins_an_untouched_window_gets_the_focus():
    with Window("token-joins") as window:
        assert window.focused() == ("password text", "PIN-код"), window.focused()
        type_text("1234")
        keys("Return")
        window.expect(r"Decide.*")
