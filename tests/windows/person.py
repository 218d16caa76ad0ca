"""Windows that a person opens without a page: a form, what is wrong in it, where its windows lead, a key that is given up."""

import subprocess
import time

from window import CHECKED, FOCUSED, HEARD, Window, clipboard, keys, settles, type_text

LARGE = {"SLINT_SCALE_FACTOR": "2"}


def field(window, name):
    return window.node("entry", name)


def go(window, key, name, most=20):
    """Presses a key until what is called so has the focus."""
    for _ in range(most):
        if name in window.focused()[1]:
            return
        window.step(key)
    raise AssertionError(f"{name} is not reached with {key}: {window.focused()} has the focus")


def fill(window, **texts):
    """Types into the fields that follow each other."""
    for name, text in texts.items():
        go(window, "Tab", name)
        type_text(text)


def test_it_is_said_that_the_person_themself_asks_and_no_site():
    with Window("own-request") as window:
        assert window.says("Вы") and window.says("запрашиваете сертификат") and window.says("сайты в нём не участвуют")
        assert not window.says("Заблокировать"), "there is nobody to block"
        window.focus_settles("entry", "Фамилия")


def test_a_form_says_beside_each_field_what_is_missing_and_leads_to_the_first():
    with Window("own-request") as window:
        go(window, "Tab", "ИИН")
        type_text("12345")
        keys("Return")
        window.expect_nothing()
        for missing in ("Введите фамилию", "Введите имя", "а здесь 5"):
            window.wait_until_it_says(missing)
        window.focus_settles("entry", "Фамилия")
        type_text("I")
        settles(lambda: not window.says("Введите фамилию"), "what was wrong is still said while it is put right")
        assert window.says("Введите имя")


def test_the_keys_of_a_cyrillic_layout_mark_copy_and_paste_too():
    with Window("own-request") as window:
        window.focus_settles("entry", "Фамилия")
        type_text("Iskakova")
        try:
            subprocess.run(["setxkbmap", "ru"], check=True)
            time.sleep(0.3)
            keys("ctrl+Cyrillic_ef", "ctrl+Cyrillic_es")
            settles(lambda: clipboard() == "Iskakova", "what was marked is not copied")
            go(window, "Tab", "Имя")
            keys("ctrl+Cyrillic_em")
        finally:
            subprocess.run(["setxkbmap", "us"], check=True)
        settles(lambda: field(window, "Имя")[2] == "Iskakova", "what was copied is not pasted")


def test_a_number_that_looks_like_a_slip_is_doubted_once():
    with Window("own-request") as window:
        fill(window, Фамилия="Iskakova", Имя="Aliya", ИИН="123456789011")
        keys("Return")
        window.expect_nothing()
        window.wait_until_it_says("похоже на опечатку")
        window.focus_settles("entry", "ИИН")
        time.sleep(HEARD)
        keys("Return")
        window.expect(r"Filled\(\.\.\)")
        window.expect_end()


def test_a_doubted_number_that_is_changed_is_looked_at_anew():
    with Window("own-request") as window:
        fill(window, Фамилия="Iskakova", Имя="Aliya", ИИН="123456789011")
        keys("Return")
        window.wait_until_it_says("похоже на опечатку")
        keys("BackSpace")
        type_text("2")
        keys("Return")
        window.expect_nothing()
        window.wait_until_it_says("похоже на опечатку")
        keys("BackSpace")
        type_text("3")
        time.sleep(HEARD)
        keys("Return")
        window.expect(r"Filled\(\.\.\)")


def test_an_organisation_has_fields_of_its_own_that_keep_what_was_typed():
    with Window("own-request") as window:
        go(window, "shift+Tab", "физического лица")
        keys("Down")
        settles(lambda: window.focused()[1] == "для работы в организации", "the other kind is not chosen")
        go(window, "Tab", "Название организации")
        type_text("Alatau")
        settles(lambda: field(window, "Название организации")[2] == "Alatau", "not all of it arrived")
        go(window, "shift+Tab", "для работы в организации")
        keys("Up")
        settles(lambda: all("Название" not in name for _, name, *_ in window.tree()), "a person has no organisation")
        keys("Down")
        go(window, "Tab", "Название организации")
        settles(lambda: field(window, "Название организации")[2] == "Alatau", "not all of it arrived")


def test_every_field_is_reached_with_tab_at_200_percent_and_what_is_typed_arrives():
    with Window("own-request", environment=LARGE) as window:
        for name in ("Фамилия", "Имя", "Отчество", "ИИН", "Эл. почта"):
            go(window, "Tab", name)
            type_text("ab")
            settles(lambda: field(window, name)[2] == "ab", f"not all of it arrived in {name}")
        for name in ("подписывать документы", "ГОСТ", "Далее"):
            go(window, "Tab", name)
        assert window.says("Вы"), "who asks scrolled away"


def test_back_leads_to_the_form_and_escape_out():
    with Window("own-new-key") as window:
        window.press("Назад")
        window.expect("Back")
        window.expect_end()
    with Window("own-new-key") as window:
        keys("Escape")
        window.expect("Cancel")
        window.expect_end()


def test_what_was_done_is_read_and_closed():
    with Window("own-request-done") as window:
        assert window.says("3fa9c01d77e2") and window.says("2026-11-27.csr")
        window.focus_settles("push button", "Закрыть")
        keys("Return")
        window.expect("Agree")
        window.expect_end()


def test_a_key_is_given_up_only_on_the_button_and_with_what_happened():
    with Window("own-lost") as window:
        assert all(role != "password text" for role, *_ in window.tree()), "nothing is opened to give it up"
        keys("space")
        window.expect_nothing()
        keys("Return")
        window.expect_nothing()
        time.sleep(HEARD)
        window.press("Заблокировать")
        window.expect(r"Filled\(\.\.\)")
        window.expect(r"Decide \{ row: RowId\(1\), \.\. \}")


def test_without_a_key_chosen_nothing_is_given_up():
    with Window("own-lost") as window:
        window.press("Заблокировать")
        window.expect_nothing()
        window.wait_until_it_says("Выберите ключ")


def test_a_key_that_was_given_up_is_taken_back_or_asks_for_its_end():
    with Window("own-lost-done") as window:
        assert window.says("1414") and window.says("pki.gov.kz")
        window.press("разблокировать")
        window.expect("Undo")
        window.expect_end()
    with Window("own-lost-done") as window:
        window.press("Подписать заявление")
        window.expect("Agree")
        window.expect_end()
    with Window("own-lost-done") as window:
        window.focus_settles("push button", "Закрыть")
        time.sleep(HEARD)
        keys("Return")
        window.expect("Cancel")
        window.expect_end()
    with Window("own-lost-done") as window:
        window.press("Закрыть")
        window.expect("Cancel")
        window.expect_end()


def test_what_happened_is_chosen_with_the_arrows():
    with Window("own-lost") as window:
        go(window, "shift+Tab", "потерян")
        keys("Down")
        settles(lambda: CHECKED in window.node("radio button", "украден")[3], "украден is not chosen")
        settles(lambda: FOCUSED in window.node("radio button", "украден")[3], "the focus did not follow")


def test_a_request_for_revocation_asks_for_the_password_and_leads_back():
    with Window("own-revoke") as window:
        window.focus_settles("password text", "Пароль")
        type_text("Qwerty12")
        keys("Return")
        window.expect(r"Decide.*")
        window.wait_until_it_says("Неверный пароль")
    with Window("own-revoke") as window:
        window.press("Назад")
        window.expect("Back")
        window.expect_end()
