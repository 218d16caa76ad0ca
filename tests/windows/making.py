"""What the windows do in which a key is made, and in which the certificate that came is put to its key."""

import time

from window import CHECKED, ENABLED, HEARD, Window, keys, settles, type_text

FIELD = "password text"
NEW, AGAIN = (FIELD, "Новый пароль"), (FIELD, "Тот же пароль ещё раз")


def fields(window):
    """What is in the fields, from the top down; a field that is not in sight is not in the tree."""
    return [text for role, _, text, _ in window.tree() if role == FIELD]


def reach(window, wanted, key="Tab", most=14):
    """Goes through the window until something has the focus. Gives what was passed, that included."""
    passed = [window.focused()[1]]
    while wanted not in passed[-1]:
        assert len(passed) <= most, passed
        passed.append(window.step(key)[1])
    return passed


def test_a_new_key_is_made_when_its_password_was_typed_twice():
    with Window("new-key") as window:
        assert window.says("ИСКАКОВА АЛИЯ") and window.says("Новый файл: GOST512_ИСКАКОВА_2026-11-27.p12")
        window.focus_settles(*NEW)
        type_text("Qwerty12")
        # Enter in the first field goes on to the second: nothing is made of half a password.
        keys("Return")
        window.expect_nothing()
        window.focus_settles(*AGAIN)
        type_text("Qwerty12")
        keys("Return")
        window.expect(r"Decide \{ row: RowId\(7\), \.\. \}")


def test_two_passwords_that_differ_make_nothing_and_are_both_typed_anew():
    with Window("new-key") as window:
        type_text("Qwerty12")
        keys("Return")
        type_text("Qwerty13")
        keys("Return")
        window.wait_until_it_says("Пароли не совпадают")
        window.expect_nothing(0.2)
        window.focus_settles(*NEW)
        assert fields(window) == ["", ""], fields(window)
        type_text("Qwerty12")
        keys("Return")
        type_text("Qwerty12")
        keys("Return")
        window.expect(r"Decide.*")


def test_what_a_new_key_lacks_is_said_where_it_is_missing():
    with Window("new-key") as window:
        window.click_primary()
        window.wait_until_it_says("Придумайте пароль")
        window.focus_settles(*NEW)
        type_text("Qwerty12")
        window.click_primary()
        window.wait_until_it_says("Введите тот же пароль ещё раз")
        window.focus_settles(*AGAIN)
        window.expect_nothing(0.2)


def test_a_certificate_is_put_in_with_the_key_s_password_and_a_wrong_one_stays_in_the_window():
    with Window("install") as window:
        assert window.says("ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ")
        window.focus_settles(FIELD, "Пароль")
        keys("Return")
        window.wait_until_it_says("Введите пароль ключа")
        window.expect_nothing(0.2)
        type_text("Qwerty12")
        keys("Return")
        window.expect(r"Decide \{ row: RowId\(7\), \.\. \}")
        # The example answers every password so.
        window.wait_until_it_says("Неверный пароль")
        window.focus_settles(FIELD, "Пароль")
        settles(lambda: fields(window) == [""], "the wrong one is still there")
        type_text("Qwerty13")
        keys("Return")
        window.expect(r"Decide.*")


def test_escape_and_the_frame_s_cross_make_no_key_and_put_nothing_in():
    for state in ["new-key", "new-key-and-tokens", "install", "install-moved", "install-token-away"]:
        with Window(state) as window:
            keys("Escape")
            window.expect("Cancel")
            window.expect_end()
    for state in ["new-key", "install"]:
        with Window(state) as window:
            type_text("Qwerty12")
            keys("alt+F4")
            window.expect("Cancel")
            window.expect_end()


def test_a_key_and_a_certificate_are_deaf_in_the_first_half_second():
    for state in ["new-key-pad", "install-pad"]:
        with Window(state, settle=0) as window:
            keys("Return")
            window.click_primary()
            window.expect_nothing(0.2)
            time.sleep(HEARD)
            window.click_primary()
            window.expect(r"Decide.*")
    with Window("install", settle=0) as window:
        window.click_primary()
        time.sleep(0.2)
        assert not window.says("Введите пароль"), "it was heard"
        time.sleep(HEARD)
        window.click_primary()
        window.wait_until_it_says("Введите пароль")


def test_when_the_page_is_gone_nothing_is_made_or_put_in():
    for state in ["new-key-gone", "install-gone"]:
        with Window(state) as window:
            assert window.says("Страница закрыта")
            assert window.says("egov.kz: запрос снят, ничего не отправлено")
            assert fields(window) == [], "there is nothing left to type"
            keys("a")
            window.expect_end()


def test_a_key_is_made_with_the_keyboard_alone():
    with Window("new-key-and-tokens") as window:
        assert window.focused()[0] == "radio button", window.focused()
        keys("Down")
        settles(lambda: CHECKED in window.node("radio button", "Новый файл")[3], "Новый файл is not chosen")
        passed = reach(window, "Новый пароль")
        assert passed[1:3] == ["Другое место…", "Ввести путь"], passed
        type_text("Qwerty12")
        assert reach(window, "ещё раз")[1] == "Показать пароль"
        type_text("Qwerty12")
        passed = reach(window, "Создать ключ")
        assert passed[-2] == "Отмена", passed
        # A press that comes with going there is none.
        time.sleep(HEARD)
        keys("space")
        window.expect(r"Decide \{ row: RowId\(7\), \.\. \}")


def test_a_token_that_makes_no_such_key_is_passed_over():
    with Window("new-key-and-tokens") as window:
        keys("Down", "Down")
        settles(lambda: CHECKED in window.node("radio button", "Әлия")[3], "Әлия is not chosen")
        assert all(ENABLED not in node[3] for node in window.tree() if node[0] == "radio button" and "Резерв" in node[1])
        keys("Return")
        window.wait_until_it_says("Введите PIN-код токена")
        window.focus_settles(FIELD, "PIN-код")
        type_text("1234")
        keys("Return")
        window.expect(r"Decide \{ row: RowId\(1\), \.\. \}")


def test_a_new_key_s_file_is_put_elsewhere_by_its_path():
    with Window("new-key", environment={"PATH": "/nowhere"}) as window:
        reach(window, "Другое место", key="shift+Tab")
        keys("Return")
        window.wait_until_it_says("Путь")
        settles(lambda: window.focused()[0] in ("entry", "text"), "the path's field has not the focus")
        type_text("/keys/mine.p12")
        keys("Return")
        window.expect(r"AddFile\(\.\.\)")


def test_a_certificate_is_put_in_with_the_keyboard_alone():
    with Window("install") as window:
        type_text("Qwerty12")
        reach(window, "Установить сертификат")
        time.sleep(HEARD)
        keys("space")
        window.expect(r"Decide \{ row: RowId\(7\), \.\. \}")


def test_a_file_that_was_moved_is_looked_for_and_one_on_a_token_is_not():
    with Window("install-moved") as window:
        assert window.says("Файла нет на прежнем месте")
        window.focus_settles("push button", "Файл в другом месте…")
        window.click_primary()
        window.expect_nothing()
    with Window("install-token-away") as window:
        assert window.says("Токен вынут")
        assert not window.says("Файл в другом месте")
        window.click_primary()
        window.expect_nothing()
    with Window("install-token") as window:
        window.focus_settles(FIELD, "PIN-код")
        type_text("1234")
        keys("Return")
        window.expect(r"Decide.*")


def test_nothing_of_a_new_password_is_in_the_tree():
    with Window("new-key") as window:
        type_text("Qwerty12")
        keys("Return")
        type_text("Qwerty12")
        settles(lambda: fields(window) == ["●" * 8] * 2, "not all of it arrived")
        for role, name, text, _ in window.tree():
            assert "Qwerty12" not in name + text, role


def test_at_200_percent_the_field_that_has_the_focus_is_in_sight_below_the_name_of_its_place():
    with Window("new-key", environment={"SLINT_SCALE_FACTOR": "2"}) as window:
        assert window.says("ИСКАКОВА АЛИЯ"), "what the certificate will say is read first"
        type_text("Qwerty12")
        keys("Return")
        window.focus_settles(*AGAIN)
        type_text("Qwerty13")
        settles(lambda: "●" * 8 in fields(window), "not all of it arrived")
        keys("Return")
        window.wait_until_it_says("Пароли не совпадают")
        window.focus_settles(*NEW)
        type_text("Qwerty12")
        settles(lambda: window.node(*NEW)[2] == "●" * 8, "not all of it arrived")
        assert window.says("GOST512_ИСКАКОВА_2026-11-27.p12"), "nothing says where the key goes"


def test_at_200_percent_the_places_are_reached_with_the_keyboard():
    with Window("new-key-and-tokens", environment={"SLINT_SCALE_FACTOR": "2"}) as window:
        assert window.says("ИСКАКОВА АЛИЯ")
        keys("Down", "Down")
        settles(lambda: CHECKED in window.node("radio button", "Әлия")[3], "Әлия is not chosen")
