"""What a long list of keys does: the chosen one stays in sight of what is typed for it, and keys that look alike do not."""

import time

from window import CHECKED, Window, keys, settles, type_text, xdotool

FIELD = "password text"


def chosen(window):
    """The name of the chosen row, where it is in sight: what is scrolled away is not in the tree."""
    return next((name for role, name, _, states in window.tree() if role == "radio button" and CHECKED in states), None)


def in_sight(window, role):
    return any(node[0] == role for node in window.tree())


def scrolls_up(window, times):
    xdotool("mousemove", "--window", window.id, 300, 250)
    for _ in range(times):
        xdotool("click", 4)
    time.sleep(0.3)


def test_a_chosen_key_and_its_password_are_in_sight_together():
    with Window("many-keys") as window:
        assert window.focused()[0] == "radio button", window.focused()
        assert not in_sight(window, FIELD), "the list is not long enough to try this"
        keys(*["Down"] * 7)
        settles(lambda: in_sight(window, FIELD), "the field is not in sight")
        settles(lambda: "2023/GOST512.p12" in (chosen(window) or ""), f"{chosen(window)} is chosen")
        # Enter on the chosen key asks for its password.
        keys("Return")
        window.wait_until_it_says("Введите пароль ключа")
        window.focus_settles(FIELD, "Пароль")
        assert chosen(window), "the key scrolled away"
        type_text("Qwerty12")
        assert window.node(FIELD)[2] == "●" * 8 and chosen(window)
        keys("Return")
        window.expect(r"Decide \{ row: RowId\(2023\), \.\. \}")


def test_a_key_that_is_clicked_stays_named_when_its_field_has_the_focus():
    with Window("many-keys") as window:
        # Somewhere in the list.
        xdotool("mousemove", "--window", window.id, 300, 400, "click", 1)
        settles(lambda: window.focused() == (FIELD, "Пароль"), "the field has not the focus")
        type_text("Qwerty12")
        settles(lambda: window.node(FIELD)[2] == "●" * 8, "not all of it arrived")
        seen = [name for _, name, *_ in window.tree()]
        keys("Return")
        year = window.expect(r"Decide \{ row: RowId\(\d+\), \.\. \}").split("(")[1].split(")")[0]
        assert any(f"{year}/GOST512.p12" in name for name in seen), (year, seen)


def test_the_chosen_key_is_named_above_its_field_where_there_is_no_room_for_its_row():
    with Window("many-keys") as window:
        keys("Down", "Return")
        window.wait_until_it_says("Введите пароль ключа")
        settles(lambda: window.focused() == (FIELD, "Пароль"), "the field has not the focus")
        # The first of nine: its row and the field do not fit together.
        settles(lambda: window.says("2017/GOST512.p12"), "nothing says which key is meant")
        type_text("Qwerty12")
        settles(lambda: window.node(FIELD)[2] == "●" * 8, "not all of it arrived")
        assert window.says("2017/GOST512.p12")
        keys("Return")
        window.expect(r"Decide \{ row: RowId\(2017\), \.\. \}")


def test_a_window_made_smaller_keeps_the_chosen_key_and_its_field_in_sight():
    with Window("many-keys") as window:
        keys("Down", "Down", "Down", "Down", "Down", "Down", "Return")
        window.wait_until_it_says("Введите пароль ключа")
        settles(lambda: in_sight(window, FIELD) and chosen(window), "not in sight before")
        for height in [560, 480, 400, 340]:
            xdotool("windowsize", "--sync", window.id, 660, height)
            settles(lambda: in_sight(window, FIELD), f"no field at {height}")
            settles(lambda: window.says("2022/GOST512.p12"), f"no key at {height}")
        type_text("Qwerty12")
        settles(lambda: window.node(FIELD)[2] == "●" * 8, "not all of it arrived")


def test_at_200_percent_the_field_is_typed_into_under_the_name_of_its_key():
    with Window("many-keys", environment={"SLINT_SCALE_FACTOR": "2"}) as window:
        keys("Down", "Down", "Down", "Return")
        settles(lambda: in_sight(window, FIELD), "the field is not in sight")
        assert window.says("2019/GOST512.p12"), "nothing says which key is meant"
        type_text("Qwerty12")
        settles(lambda: window.node(FIELD)[2] == "●" * 8, "not all of it arrived")
        assert window.says("2019/GOST512.p12")


def test_the_tab_key_reaches_a_field_that_is_out_of_sight():
    with Window("many-keys", environment={"SLINT_SCALE_FACTOR": "2"}) as window:
        keys("Down", "Down")
        for _ in range(6):
            if window.focused()[0] == FIELD:
                break
            window.step("Tab")
        window.focus_settles(FIELD, "Пароль")
        type_text("abc")
        settles(lambda: window.node(FIELD)[2] == "●" * 3, "not all of it arrived")


def test_escape_is_heard_when_what_had_the_focus_was_scrolled_away():
    with Window("many-keys") as window:
        keys("Down")
        xdotool("mousemove", "--window", window.id, 300, 250)
        for _ in range(20):
            xdotool("click", 5)
        time.sleep(0.3)
        keys("Escape")
        window.expect("Cancel")
        window.expect_end()


def test_that_a_pin_is_typed_at_the_reader_is_in_sight_below_a_long_list():
    with Window("many-keys-pad") as window:
        # Round the end of the list: from the first row to the last.
        keys("Down", "Up")
        settles(lambda: window.says("на считывателе"), "the sentence is below the fold")
        assert "Әлия" in (chosen(window) or ""), chosen(window)
        assert not in_sight(window, FIELD)
        # Read, and scrolled away; the key is chosen anew.
        scrolls_up(window, 20)
        assert not window.says("на считывателе")
        keys("Up")
        settles(lambda: "2024" in (chosen(window) or ""), "the list has lost the focus")
        keys("Down")
        settles(lambda: window.says("на считывателе"), "the sentence is below the fold again")
    with Window("many-keys-pad", environment={"SLINT_SCALE_FACTOR": "2"}) as window:
        keys("Down", "Up")
        settles(lambda: window.says("на считывателе") and window.says("Әлия"), "not in sight at 200 %")


def test_files_of_one_name_are_told_apart_and_nobody_reads_the_whole_path():
    with Window("same-names") as window:
        names = [name for role, name, *_ in window.tree() if role == "radio button"]
        folders = ["…/2025/GOST512.p12", "…/2026/GOST512.p12", "…/менің/GOST512.p12", "…/кілттер"]
        for name, folder in zip(names, folders, strict=True):
            assert folder in name and "/aliya" not in name, names
