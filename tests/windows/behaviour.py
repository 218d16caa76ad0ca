"""What the signing window does when a person types and clicks. Started by behaviour.sh, which makes the screen.

Each test starts the program in one state, acts through X as a person would, and looks at two things: the events that the
program prints (never a password: the events do not show it), and the accessibility tree.
"""

import subprocess
import sys
import time

import lists
import making
import person
import pictures
import tokens
from window import CHECKED, ENABLED, HEARD, Window, clipboard, every_state, keys, selection, settles, type_text, xdotool

CONTROLS = {"push button", "toggle button", "radio button", "password text", "text", "entry", "list item", "check box"}


# What a person does.


def test_a_key_pressed_in_the_first_half_second_does_not_sign():
    with Window("opened", settle=0) as window:
        keys("Return")
        window.expect_nothing()
        time.sleep(HEARD)
        keys("Return")
        window.expect(r"Decide.*")


def test_a_click_in_the_first_half_second_does_not_sign():
    with Window("opened", settle=0) as window:
        window.click_primary()
        window.expect_nothing()
        time.sleep(HEARD)
        window.click_primary()
        window.expect(r"Decide.*")


def test_coming_back_to_the_front_makes_it_deaf_again():
    with Window("opened") as window:
        xdotool("windowminimize", window.id)
        time.sleep(0.5)
        xdotool("windowactivate", "--sync", window.id)
        keys("Return")
        window.expect_nothing(0.3)
        time.sleep(HEARD)
        keys("Return")
        window.expect(r"Decide.*")


def test_enter_in_the_password_signs_and_a_wrong_password_stays_in_the_window():
    with Window("one-key") as window:
        assert window.focused() == ("password text", "Пароль")
        type_text("Qwerty12")
        keys("Return")
        window.expect(r"Decide \{ row: RowId\(1\), \.\. \}")
        window.wait_until_it_says("Неверный пароль")
        assert window.focused() == ("password text", "Пароль")
        assert window.node("password text")[2] == "", "the field is not empty"


def test_a_kazakh_password_can_be_typed():
    with Window("one-key", "kk") as window:
        # Letters that the layout does not have go through a key that is given them for a moment; on a busy computer one
        # may be lost between two such moments. That is the typist's slip: who sees it types anew.
        for _ in range(5):
            xdotool("type", "--delay", "150", "Құпия-сөз1")
            time.sleep(0.5)
            if window.node("password text")[2] == "●" * 10:
                break
            keys("ctrl+a", "BackSpace")
        assert window.node("password text")[2] == "●" * 10
        window.wait_until_it_says("кирилл")
        keys("Return")
        window.expect(r"Decide.*")


def test_an_empty_password_is_asked_for():
    with Window("one-key") as window:
        keys("Return")
        window.expect_nothing()
        assert window.says("Введите пароль")


def test_escape_and_the_frame_s_cross_say_no_once():
    with Window("one-key") as window:
        keys("Escape")
        window.expect("Cancel")
        window.expect_end()
    with Window("one-key") as window:
        keys("alt+F4")
        window.expect("Cancel")
        window.expect_end()


def test_tab_goes_from_top_to_bottom():
    with Window("first-time", "en") as window:
        seen = [window.focused()[1]]
        for _ in range(9):
            keys("Tab")
            time.sleep(0.15)
            seen.append(window.focused()[1])
        start = seen.index("Show")
        around = seen[start:] + seen[:start]
        assert around[0] == "Show" and around[1].startswith("ҮЛГІЛІ"), around
        assert around[2:6] == ["Another file…", "Type a path", "Password", "Show the password"], around
        assert around[-2:] == ["Cancel", "Sign"], around
        assert len(set(seen)) == 10, seen


def test_arrows_choose_a_key_and_the_button_says_what_it_does():
    with Window("several-keys", "en") as window:
        assert window.focused()[1].startswith("ҮЛГІЛІ"), window.focused()
        window.click_primary()
        window.wait_until_it_says("Choose a key.")
        window.expect_nothing(0.1)
        keys("Down", "Down")
        assert CHECKED in window.node("radio button", "ПРИМЕРОВ")[3], "two steps down"
        assert window.focused()[1].startswith("ПРИМЕРОВ"), window.focused()
        keys("Down")
        assert window.node("push button", "Open key")
        keys("Down", "Down")
        keys("Tab", "Tab", "Tab")
        type_text("x")
        keys("Return")
        window.expect(r"Decide \{ row: RowId\(2\), \.\. \}")


def test_a_key_that_does_not_fit_cannot_be_chosen():
    with Window("unfit-keys") as window:
        rows = [node for node in window.tree() if node[0] == "radio button"]
        unfit = [node for node in rows if "ПРИМЕРОВ" in node[1]]
        assert unfit and not any(ENABLED in node[3] for node in unfit), rows
        # Up from the only key that fits is that key again.
        keys("shift+Tab", "shift+Tab", "shift+Tab", "shift+Tab", "Down", "Up", "Up")
        assert window.focused()[1].startswith("ҮЛГІЛІ"), window.focused()


def test_a_path_is_typed_where_nothing_chooses_files():
    # Without a portal and without zenity on the path, the button itself opens the field.
    with Window("no-keys", environment={"PATH": "/nowhere"}) as window:
        keys("Return")
        window.wait_until_it_says("Путь к файлу ключа")
        settles(lambda: window.focused()[0] in ("entry", "text"), "the path's field has not the focus")
        type_text("/keys/GOST512.p12")
        keys("Return")
        window.expect(r"AddFile\(\.\.\)")
        window.wait_until_it_says("GOST512.p12")
        assert window.node("push button", "Открыть ключ")
        assert window.focused() == ("password text", "Пароль")


def test_caps_lock_and_layout_are_said():
    with Window("one-key") as window:
        assert window.says("Раскладка EN")
        keys("Caps_Lock")
        try:
            window.wait_until_it_says("Caps Lock")
        finally:
            keys("Caps_Lock")
        try:
            subprocess.run(["setxkbmap", "ru"], check=True)
            window.wait_until_it_says("Раскладка RU")
            subprocess.run(["setxkbmap", "kz"], check=True)
            window.wait_until_it_says("Раскладка KZ")
        finally:
            subprocess.run(["setxkbmap", "us"], check=True)


def test_a_password_does_not_leave_through_clipboard_or_selection():
    subprocess.run(["xclip", "-selection", "clipboard"], input=b"before", check=True)
    subprocess.run(["xclip", "-selection", "primary"], input=b"before", check=True)
    with Window("one-key") as window:
        type_text("Qwerty12")
        keys("ctrl+a", "ctrl+c", "ctrl+x", "ctrl+Insert", "shift+Delete")
        xdotool("mousemove", "--window", window.id, 60, 440, "mousedown", 1, "mousemove", "--window", window.id, 300, 440, "mouseup", 1)
        time.sleep(0.3)
        assert clipboard() == "before", clipboard()
        assert selection() == "before", selection()
        try:
            subprocess.run(["setxkbmap", "ru"], check=True)
            window.wait_until_it_says("Раскладка RU")
            keys("ctrl+Cyrillic_ef", "ctrl+Cyrillic_es")
        finally:
            subprocess.run(["setxkbmap", "us"], check=True)
        time.sleep(0.3)
        assert clipboard() == "before", clipboard()


def test_a_password_can_be_pasted():
    subprocess.run(["xclip", "-selection", "clipboard"], input=b"Qwerty12", check=True)
    with Window("one-key") as window:
        keys("ctrl+v")
        settles(lambda: window.node("password text")[2] == "●" * 8, "it was not pasted")


def test_a_revealed_password_hides_itself_when_the_window_is_left():
    with Window("one-key", "en") as window:
        type_text("abc")
        keys("Tab", "Return")
        assert window.node("toggle button", "Hide the password")
        xdotool("windowminimize", window.id)
        time.sleep(0.5)
        xdotool("windowactivate", "--sync", window.id)
        time.sleep(0.3)
        assert window.node("toggle button", "Show the password")


def test_when_the_page_is_gone_any_key_closes_and_nothing_is_said():
    with Window("gone") as window:
        assert window.says("Страница закрыта")
        assert window.says("egov.kz: запрос снят, ничего не отправлено")
        assert not window.says("Подписать")
        keys("a")
        window.expect_end()


def test_when_the_page_goes_during_signing_it_is_not_said_that_nothing_was_sent():
    with Window("gone-late") as window:
        assert window.says("что-то уже могло быть отправлено")
        assert not window.says("ничего не отправлено")


def test_when_the_page_is_gone_the_window_closes_by_itself():
    with Window("gone") as window:
        window.expect_end(within=12)


def test_a_page_that_is_gone_can_still_be_blocked():
    with Window("gone", settle=0) as window:
        window.wait_until_it_says("Страница закрыта")
        keys("Tab")
        assert window.focused()[1].startswith("Заблокировать"), window.focused()
        # Deaf for a moment, as every window that appears; a press that is not heard begins the moment anew.
        time.sleep(HEARD)
        keys("space")
        window.expect("BlockSite")
        window.expect_end()


def test_a_press_that_was_on_its_way_when_the_page_went_blocks_nobody():
    with Window("gone", settle=0) as window:
        window.wait_until_it_says("Страница закрыта")
        keys("Tab", "space")
        window.expect_nothing()


def test_escape_when_the_page_is_gone_blocks_nobody():
    with Window("gone-consent") as window:
        keys("Tab", "Escape")
        window.expect_end()


def test_a_program_and_a_page_without_an_address_can_be_blocked():
    for state, said in [("no-page", "Заблокировать неизвестные программы"), ("opaque", "без адреса в Chromium")]:
        with Window(state) as window:
            window.press(said)
            window.expect("BlockSite")
            window.expect_end()


def test_a_consent_begins_on_its_no_and_is_given_by_going_to_the_button():
    with Window("read-file") as window:
        assert window.says("/media/usb/Құжаттар/Өтініш 2026.pdf")
        assert window.focused() == ("push button", "Не читать"), window.focused()
        keys("Tab")
        assert window.focused() == ("push button", "Прочитать файл"), window.focused()
        keys("Return")
        window.expect("Agree")
        window.expect_end()
    with Window("read-file") as window:
        keys("Return")
        window.expect("Cancel")
        window.expect_end()


def test_a_message_to_somebody_else_neither_agrees_nor_refuses():
    for state in ["read-file", "stamp", "show-known-key", "opened"]:
        with Window(state) as window:
            # In one breath: a busy computer must not make a pause of starting another program.
            xdotool("type", "--delay", "60", "--args", "1", "see you at six ", "key", "Return")
            window.expect_nothing()
            keys("Escape")
            window.expect("Cancel")
            window.expect_end()


def test_a_known_key_is_shown_by_its_button_and_not_by_enter_in_the_list():
    with Window("show-known-key") as window:
        assert window.focused()[0] == "radio button", window.focused()
        keys("Return")
        window.expect_nothing()
        for _ in range(12):
            if window.focused()[1] == "Показать ключ":
                break
            keys("Tab")
            time.sleep(0.15)
        time.sleep(HEARD)
        keys("Return")
        window.expect(r"Decide.*")


def test_a_consent_is_deaf_in_the_first_half_second():
    with Window("read-file", settle=0) as window:
        keys("Return")
        window.click_primary()
        window.expect_nothing(0.2)
        time.sleep(HEARD)
        window.click_primary()
        window.expect("Agree")
        window.expect_end()


def test_escape_is_heard_where_rows_pushed_the_focus_out_of_sight():
    with Window("new-key-nowhere") as window:
        time.sleep(0.5)
        keys("Escape")
        window.expect("Cancel")
        window.expect_end()


def test_escape_the_cross_and_the_other_button_refuse_a_consent():
    for state in ["read-file", "other-site", "bare-signature", "choose-file", "notice"]:
        with Window(state) as window:
            keys("Escape")
            window.expect("Cancel")
            window.expect_end()
    with Window("fetch") as window:
        keys("alt+F4")
        window.expect("Cancel")
        window.expect_end()
    with Window("fetch") as window:
        window.press("Не скачивать")
        window.expect("Cancel")
        window.expect_end()


def test_reading_files_can_be_allowed_for_good_by_a_site_and_not_by_an_unknown_program():
    with Window("read-file") as window:
        window.press("Разрешить сейчас и всегда")
        window.expect("AgreeAlways")
        window.expect_end()
    for state in ["read-file-unknown", "write-file"]:
        # Nobody vouches for who asks; the site asks for the first time.
        with Window(state) as window:
            assert not window.says("Разрешить сейчас и всегда")


def test_beside_a_warning_a_site_is_not_allowed_for_good():
    with Window("first-time") as window:
        assert window.says("Всегда разрешать этому сайту спрашивать")
    with Window("other-site-warning") as window:
        assert window.says("idp.egov.kz")
        assert not window.says("Всегда разрешать")
        assert not window.says("Картинка")


def test_what_hides_in_a_path_is_seen():
    with Window("read-files") as window:
        assert window.says("‹U+202E›fdp.exe")


def test_a_login_to_another_site_needs_the_box_before_the_button():
    with Window("other-site") as window:
        assert window.says("idp.egov.kz") and window.says("egov-kz.example.com")
        assert window.focused()[1] == "Не подписывать", window.focused()
        # AccessKit does not tell AT-SPI that a button is disabled: what it does when pressed is asked instead.
        window.press("Всё равно подписать")
        window.click_primary()
        window.expect_nothing()
        keys("shift+Tab", "shift+Tab")
        assert window.focused()[0] == "check box", window.focused()
        keys("space")
        time.sleep(0.3)
        assert CHECKED in window.node("check box")[3], "the box is not set"
        keys("Tab", "Tab", "Tab")
        assert window.focused()[1] == "Всё равно подписать", window.focused()
        keys("Return")
        window.expect_nothing()
        time.sleep(HEARD)
        keys("space")
        window.expect("Agree")
        window.expect_end()


def test_enter_refuses_a_login_to_another_site_and_a_bare_signature():
    for state in ["other-site", "bare-signature"]:
        with Window(state) as window:
            keys("Return")
            window.expect("Cancel")
            window.expect_end()


def test_a_bare_signature_is_agreed_to_with_the_button_and_never_with_enter():
    with Window("bare-signature") as window:
        keys("Tab")
        assert window.focused()[1] == "Всё равно подписать", window.focused()
        keys("Return")
        window.expect_nothing()
        time.sleep(HEARD)
        window.click_primary()
        window.expect("Agree")
        window.expect_end()


def test_a_file_s_path_is_typed_where_nothing_chooses_files():
    with Window("choose-file", environment={"PATH": "/nowhere"}) as window:
        assert window.says("узнает путь и имя файла") and window.says("*.xml")
        keys("Return")
        window.wait_until_it_says("Путь к файлу")
        time.sleep(0.3)
        type_text("/keys/a.xml")
        keys("Return")
        window.expect(r"Chosen\(\.\.\)")
        window.expect_end()


def test_a_notice_has_only_a_button_to_close_it():
    with Window("notice") as window:
        buttons = [node[1] for node in window.tree() if node[0] == "push button" and ENABLED in node[3]]
        assert buttons == ["Заблокировать неизвестные программы", "Закрыть"], buttons
        keys("Return")
        window.expect("Agree")
        window.expect_end()


def test_a_site_s_picture_is_shown_and_one_that_is_none_is_not_missed():
    with Window("logo") as window:
        window.wait_until_it_says("Картинка, которую прислал сайт")
    with Window("broken-logo") as window:
        assert not window.says("Картинка")
        assert window.node("push button", "Подписать")


def test_a_window_that_another_program_destroys_counts_as_cancelled():
    with Window("one-key") as window:
        xdotool("windowclose", window.id)
        window.expect("Cancel")
        window.expect_end()


def test_at_200_percent_the_warnings_come_first_and_typing_brings_the_password():
    with Window("digest-length", environment={"SLINT_SCALE_FACTOR": "2"}) as window:
        # What is scrolled out of sight is not in the tree.
        assert window.says("прислал только его хеш") and window.says("egov.kz")
        assert window.node("push button", "Подписать") and window.node("push button", "Отмена")
        type_text("abc")
        assert window.node("password text")[2] == "●" * 3
        assert window.says("egov.kz"), "who asks scrolled away"


def test_every_control_has_a_name_in_every_state():
    for state in every_state():
        with Window(state, "kk", settle=0.4) as window:
            for role, name, _, _ in window.tree():
                assert role not in CONTROLS or name, f"{state}: a {role} without a name"
                assert not name.startswith("window-"), f"{state}: {name} is not in the catalogue"


def test_a_typed_password_is_nowhere_in_the_tree():
    with Window("one-key") as window:
        type_text("Qwerty12")
        for role, name, text, _ in window.tree():
            assert "Qwerty12" not in name + text, role


def main(wanted):
    files = (globals(), *map(vars, (lists, making, person, pictures, tokens)))
    tests = [pair for tests in files for pair in tests.items() if pair[0].startswith("test_")]
    failed = 0
    for name, test in tests:
        if wanted and not any(word in name for word in wanted):
            continue
        sentence = name.removeprefix("test_").replace("_", " ")
        try:
            test()
            print("ok    ", sentence, flush=True)
        except Exception as error:
            failed += 1
            print("FAILED", sentence, "\n      ", repr(error), flush=True)
    return 1 if failed else 0


sys.exit(main(sys.argv[1:]))
