use super::*;
use crate::window::model::{Consent, FormView, KeyKind, Learns, Place, Reason, Report, Sentence, TokenPlace, Tries};
use std::path::PathBuf;
use std::time::Duration;

fn row(id: u32, fit: Fit) -> KeyRow {
    KeyRow {
        id: RowId(id),
        holder: None,
        valid_until: None,
        place: Place::File(PathBuf::from(format!("/keys/{id}.p12"))),
        fit,
        password: PasswordState::Asked,
        kind: KeyKind::Real,
    }
}

fn expired(id: u32) -> KeyRow {
    row(id, Fit::Unfit(vec![Reason::Expired]))
}

fn sign(keys: Vec<KeyRow>) -> State {
    State::new(&Question::Sign { documents: Vec::new(), form: FormView::Raw }, keys)
}

/// A window that has been open long enough to hear.
fn open(keys: Vec<KeyRow>) -> (State, Instant) {
    let start = Instant::now();
    let mut state = sign(keys);
    state.came_to_front(start);
    (state, start + Duration::from_secs(1))
}

#[test]
fn the_only_key_that_fits_is_chosen_and_its_password_asked() {
    let state = sign(vec![expired(1), row(2, Fit::Fits), row(3, Fit::Locked)]);
    assert_eq!(state.chosen_index(), Some(1));
    assert_eq!(state.resting_focus(), Focus::Password);
    assert_eq!(state.primary(), Primary::Sign);
}

#[test]
fn of_several_keys_none_is_chosen_beforehand() {
    let state = sign(vec![row(1, Fit::Fits), row(2, Fit::Fits)]);
    assert_eq!(state.chosen_index(), None);
    assert_eq!(state.resting_focus(), Focus::Keys);
    assert!(state.asks_password());
}

#[test]
fn the_only_file_is_chosen_and_opening_it_comes_first() {
    let state = sign(vec![row(1, Fit::Locked), expired(2)]);
    assert_eq!(state.chosen_index(), Some(0));
    assert_eq!(state.primary(), Primary::Open);
}

#[test]
fn without_a_usable_key_another_file_is_offered() {
    for keys in [vec![], vec![expired(1), expired(2)]] {
        let state = sign(keys);
        assert_eq!(state.chosen_index(), None);
        assert_eq!(state.resting_focus(), Focus::OtherFile);
        assert!(!state.asks_password());
    }
}

#[test]
fn showing_a_key_has_its_own_main_button() {
    let known = KeyRow { password: PasswordState::Given, ..row(1, Fit::Fits) };
    let state = State::new(&Question::ShowKey, vec![known]);
    assert_eq!(state.primary(), Primary::ShowKey);
    assert_eq!(state.resting_focus(), Focus::Keys, "a stray space bar must not show the person's name");
}

#[test]
fn the_main_button_is_deaf_when_the_window_appears_and_when_it_comes_back() {
    let start = Instant::now();
    let mut state = sign(vec![row(1, Fit::Fits)]);
    assert_eq!(state.press_primary(start, Typed::Something), Pressed::Ignored);
    state.came_to_front(start);
    assert_eq!(state.press_primary(start + Duration::from_millis(499), Typed::Something), Pressed::Ignored);
    state.came_to_front(start + Duration::from_secs(9));
    assert_eq!(state.press_primary(start + Duration::from_millis(9_300), Typed::Something), Pressed::Ignored);
    assert!(!state.hears_site_choice(start + Duration::from_millis(9_400)));
    let pressed = state.press_primary(start + Duration::from_millis(9_900), Typed::Something);
    assert_eq!(pressed, Pressed::Decided(RowId(1)));
}

#[test]
fn a_decision_is_made_once_until_its_answer_comes() {
    let (mut state, now) = open(vec![row(1, Fit::Fits)]);
    assert_eq!(state.press_primary(now, Typed::Something), Pressed::Decided(RowId(1)));
    assert_eq!(state.phase(), Phase::Busy(Busy::Signing));
    assert!(!state.primary_is_live());
    assert_eq!(state.press_primary(now, Typed::Something), Pressed::Ignored);
    assert!(!state.choose(0));
    assert!(!state.add_file());
}

#[test]
fn an_empty_password_decides_nothing() {
    let (mut state, now) = open(vec![row(1, Fit::Fits)]);
    assert_eq!(state.press_primary(now, Typed::Nothing), Pressed::Missing(Missing::Password));
    assert_eq!(state.phase(), Phase::Asking);
    assert!(state.password_is_wrong());
    assert!(state.password_edited());
    assert!(!state.password_is_wrong());
}

#[test]
fn enter_without_a_chosen_key_asks_for_one() {
    let (mut state, now) = open(vec![row(1, Fit::Fits), row(2, Fit::Fits)]);
    assert_eq!(state.press_primary(now, Typed::Something), Pressed::Missing(Missing::Key));
    assert_eq!(state.focus_for_choosing(), Focus::Keys);
    let (mut none, now) = open(vec![expired(1)]);
    assert_eq!(none.press_primary(now, Typed::Nothing), Pressed::Missing(Missing::Key));
    assert_eq!(none.focus_for_choosing(), Focus::OtherFile);
}

#[test]
fn a_wrong_password_stays_in_the_window_and_asks_again() {
    let (mut state, now) = open(vec![row(1, Fit::Fits)]);
    state.press_primary(now, Typed::Something);
    assert_eq!(state.show_problem(Problem::WrongPassword), Focus::Password);
    assert_eq!(state.phase(), Phase::Asking);
    assert!(state.password_is_wrong());
    assert_eq!(state.press_primary(now, Typed::Something), Pressed::Decided(RowId(1)));
    assert_eq!(*state.status(), Status::Quiet);
}

#[test]
fn a_problem_leads_to_where_it_can_be_mended() {
    let (mut state, _) = open(vec![row(1, Fit::Fits)]);
    let sentence = Sentence::new("error-signing-failed");
    assert_eq!(state.show_problem(Problem::CannotOpen(sentence.clone())), Focus::OtherFile);
    assert_eq!(state.show_problem(Problem::CannotSign(sentence.clone())), Focus::Keys);
    let (mut none, _) = open(vec![expired(1)]);
    assert_eq!(none.show_problem(Problem::CannotSign(sentence)), Focus::OtherFile);
}

#[test]
fn an_opened_file_whose_password_is_known_needs_only_the_main_button() {
    let (mut state, now) = open(vec![row(1, Fit::Locked)]);
    assert_eq!(state.press_primary(now, Typed::Something), Pressed::Decided(RowId(1)));
    assert_eq!(state.phase(), Phase::Busy(Busy::Opening));
    let opened = KeyRow { password: PasswordState::Given, ..row(2, Fit::Fits) };
    assert_eq!(state.show_keys(vec![opened], Some(RowId(2)), now), Focus::Primary);
    assert!(state.password_was_given() && !state.asks_password());
    assert_eq!(state.primary(), Primary::Sign);
    let double_click = now + Duration::from_millis(150);
    assert_eq!(state.press_primary(double_click, Typed::Nothing), Pressed::Ignored);
    let later = double_click + Duration::from_millis(500);
    assert_eq!(state.press_primary(later, Typed::Nothing), Pressed::Decided(RowId(2)));
}

#[test]
fn a_new_list_keeps_the_choice_while_it_can_answer() {
    let (mut state, now) = open(vec![row(1, Fit::Fits), row(2, Fit::Fits)]);
    assert!(state.choose(1));
    state.show_keys(vec![row(2, Fit::Fits), row(1, Fit::Fits), row(3, Fit::Fits)], None, now);
    assert_eq!(state.chosen_index(), Some(0));
    state.show_keys(vec![expired(2), row(1, Fit::Fits), row(3, Fit::Fits)], None, now);
    assert_eq!(state.chosen_index(), None);
    state.show_keys(vec![row(1, Fit::Fits), expired(2)], Some(RowId(2)), now);
    assert_eq!(state.chosen_index(), Some(0), "an unfit row is not chosen even when asked for; the only other one is");
}

#[test]
fn arrows_step_over_keys_that_do_not_fit_and_go_round() {
    let (mut state, _) = open(vec![expired(1), row(2, Fit::Fits), expired(3), row(4, Fit::Locked)]);
    state.choose(1);
    assert!(state.step(1));
    assert_eq!(state.chosen_index(), Some(3));
    assert!(state.step(1));
    assert_eq!(state.chosen_index(), Some(1));
    assert!(state.step(-1));
    assert_eq!(state.chosen_index(), Some(3));
    assert!(!state.choose(0));
    assert!(!state.choose(99));
    let (mut none, _) = open(vec![expired(1)]);
    assert!(!none.step(1));
}

#[test]
fn when_the_page_goes_away_nothing_can_be_decided_any_more() {
    let (mut state, now) = open(vec![row(1, Fit::Fits)]);
    assert!(state.page_gone(Instant::now()));
    assert!(!state.page_gone(Instant::now()));
    assert_eq!(state.press_primary(now, Typed::Something), Pressed::Ignored);
    state.show_keys(vec![row(1, Fit::Fits)], None, now);
    state.show_problem(Problem::WrongPassword);
    state.show_busy(Busy::Signing);
    assert_eq!(state.phase(), Phase::Gone);
    assert!(!state.cancel(), "there is nothing left to say no to");
}

#[test]
fn a_window_is_cancelled_once() {
    let (mut state, _) = open(vec![row(1, Fit::Fits)]);
    assert!(state.cancel());
    assert!(!state.cancel());
}

#[test]
fn choosing_another_key_silences_what_was_wrong_with_the_first() {
    let (mut state, _) = open(vec![row(1, Fit::Fits), row(2, Fit::Fits)]);
    state.choose(0);
    state.show_problem(Problem::WrongPassword);
    state.choose(0);
    assert!(state.password_is_wrong());
    state.choose(1);
    assert_eq!(*state.status(), Status::Quiet);
}

fn consent(asked: Consent) -> (State, Instant) {
    let start = Instant::now();
    let mut state = State::new(&Question::Consent(asked), Vec::new());
    assert_eq!(state.press_primary(start, Typed::Nothing), Pressed::Ignored, "it was not seen yet");
    state.came_to_front(start);
    (state, start + Duration::from_secs(1))
}

fn other_site() -> (State, Instant) {
    consent(Consent::OtherSite { named: "a".to_owned(), asks: "b".to_owned() })
}

#[test]
fn a_consent_begins_on_its_no_and_an_enter_elsewhere_gives_nothing_away() {
    let url = || "https://a.kz".to_owned();
    let path = || "/a".to_owned();
    for asked in [
        Consent::ReadFiles { paths: vec![path()] },
        Consent::WriteFile { path: path() },
        Consent::Fetch { url: url() },
        Consent::Upload { url: url() },
        Consent::Stamp { signers: vec!["A".to_owned()] },
    ] {
        let (mut state, now) = consent(asked);
        assert_eq!(state.resting_focus(), Focus::Refuse);
        assert_eq!(state.press_enter(now, Typed::Nothing), Pressed::Ignored);
        assert_eq!(state.press_primary(now, Typed::Nothing), Pressed::Ignored, "the moment began anew");
        assert_eq!(state.press_primary(now + Duration::from_secs(1), Typed::Nothing), Pressed::Agreed);
    }
}

#[test]
fn enter_in_the_list_does_not_show_a_key_that_needs_no_password() {
    let start = Instant::now();
    let known = KeyRow { password: PasswordState::Given, ..row(1, Fit::Fits) };
    let mut state = State::new(&Question::ShowKey, vec![known]);
    state.came_to_front(start);
    let at = |seconds| start + Duration::from_secs(seconds);
    assert_eq!(state.press_enter(at(1), Typed::Nothing), Pressed::Ignored);
    assert_eq!(state.press_primary(at(2), Typed::Nothing), Pressed::Decided(RowId(1)));
    // One with a password has it between Enter and the page.
    let mut state = State::new(&Question::ShowKey, vec![row(1, Fit::Locked)]);
    state.came_to_front(start);
    assert_eq!(state.press_enter(at(1), Typed::Nothing), Pressed::Missing(Missing::Password));
    assert_eq!(state.press_enter(at(2), Typed::Something), Pressed::Decided(RowId(1)));
}

#[test]
fn the_enter_at_the_end_of_a_message_to_somebody_else_decides_nothing_and_refuses_nothing() {
    let (mut state, now) = consent(Consent::Fetch { url: "https://a.kz".to_owned() });
    let letter = now + Duration::from_millis(200);
    state.stray_key(letter);
    let enter = letter + Duration::from_millis(300);
    assert_eq!(state.press_primary(enter, Typed::Nothing), Pressed::Ignored);
    assert!(!state.press_refuse(enter));
    assert!(state.press_refuse(enter + Duration::from_millis(500)));
}

#[test]
fn while_the_window_works_a_no_is_heard_at_once() {
    let (mut state, now) = open(vec![row(1, Fit::Fits)]);
    assert_eq!(state.press_primary(now, Typed::Something), Pressed::Decided(RowId(1)));
    state.stray_key(now);
    assert!(state.press_refuse(now));
}

#[test]
fn after_something_may_have_left_it_is_not_said_that_nothing_was_sent() {
    let (mut asked, now) = open(vec![row(1, Fit::Fits)]);
    asked.press_primary(now, Typed::Something);
    asked.show_problem(Problem::WrongPassword);
    asked.page_gone(now);
    assert_eq!(asked.departure(), Departure::Nothing);

    let (mut signing, now) = open(vec![row(1, Fit::Fits)]);
    signing.press_primary(now, Typed::Something);
    signing.page_gone(now);
    assert_eq!(signing.departure(), Departure::Perhaps);

    let (mut failed, now) = open(vec![row(1, Fit::Fits)]);
    failed.press_primary(now, Typed::Something);
    failed.show_problem(Problem::CannotSign(Sentence::new("error-signing-failed")));
    failed.page_gone(now);
    assert_eq!(failed.departure(), Departure::Perhaps);
}

#[test]
fn a_bare_signature_is_agreed_to_with_the_button_only_and_no_is_offered() {
    let (mut state, now) = consent(Consent::BareSignature);
    assert_eq!(state.resting_focus(), Focus::Refuse);
    assert_eq!(state.press_enter(now, Typed::Nothing), Pressed::Ignored);
    assert_eq!(state.press_primary(now + Duration::from_secs(1), Typed::Nothing), Pressed::Agreed);
}

#[test]
fn when_it_is_done_enter_closes_and_does_nothing_more() {
    let report = |go_on| Report { done: "own-lost-done", details: vec![], next: vec![], file: None, go_on, undo: None };
    let state = |go_on| {
        let mut state = State::new(&Question::Done(report(go_on)), Vec::new());
        let start = Instant::now();
        state.came_to_front(start);
        (state, start + Duration::from_secs(1))
    };
    let (mut offers, now) = state(Some("own-lost-go-on"));
    assert_eq!(offers.resting_focus(), Focus::Refuse);
    assert_eq!(offers.press_enter(now, Typed::Nothing), Pressed::Ignored);
    assert_eq!(offers.press_primary(now + Duration::from_secs(1), Typed::Nothing), Pressed::Agreed);
    let (mut closes, now) = state(None);
    assert_eq!(closes.resting_focus(), Focus::Primary);
    assert_eq!(closes.press_enter(now, Typed::Nothing), Pressed::Agreed);
}

#[test]
fn another_sites_login_needs_the_box_to_be_set_before_the_button_lives() {
    let (mut state, now) = other_site();
    assert_eq!(state.resting_focus(), Focus::Refuse);
    assert!(!state.primary_is_live());
    assert_eq!(state.press_primary(now, Typed::Nothing), Pressed::Ignored);
    assert!(state.understand(now));
    assert!(state.primary_is_live());
    assert_eq!(state.press_enter(now, Typed::Nothing), Pressed::Ignored, "never with Enter");
    let now = now + Duration::from_secs(1);
    assert!(state.understand(now), "and taken back");
    assert_eq!(state.press_primary(now, Typed::Nothing), Pressed::Ignored);
    assert!(state.understand(now));
    assert_eq!(state.press_primary(now, Typed::Nothing), Pressed::Agreed);
}

#[test]
fn the_box_is_deaf_in_the_first_moment_too() {
    let start = Instant::now();
    let (mut state, _) = other_site();
    state.came_to_front(start);
    assert!(!state.understand(start + Duration::from_millis(100)));
    assert!(!state.primary_is_live());
}

#[test]
fn a_file_is_looked_for_and_a_notice_read() {
    let start = Instant::now();
    let asked = Question::ChooseFile { learns: Learns::Path, extension: String::new(), folder: PathBuf::new() };
    for (question, pressed) in [(asked, Pressed::Choose), (Question::Notice(Vec::new()), Pressed::Agreed)] {
        let mut state = State::new(&question, Vec::new());
        state.came_to_front(start);
        assert_eq!(state.resting_focus(), Focus::Primary);
        assert_eq!(state.press_primary(start + Duration::from_secs(1), Typed::Nothing), pressed);
        assert!(!state.asks_password());
    }
}

#[test]
fn a_page_that_is_gone_can_still_be_blocked_once_and_not_by_the_click_that_was_on_its_way() {
    let (mut state, now) = open(vec![row(1, Fit::Fits)]);
    assert!(state.page_gone(now));
    assert!(!state.block(now), "deaf for a moment");
    assert!(state.block(now + Duration::from_secs(1)));
    assert!(!state.block(now + Duration::from_secs(2)));
    assert_eq!(state.phase(), Phase::Ended);
}

fn on_token(id: u32, tries: Tries) -> KeyRow {
    let place = TokenPlace {
        label: "Алия".to_owned(),
        reader: "reader".to_owned(),
        model: "model".to_owned(),
        serial: id.to_string(),
        tries,
    };
    KeyRow { place: Place::Token(place), ..row(id, Fit::Fits) }
}

fn gone(row: KeyRow) -> KeyRow {
    KeyRow { fit: Fit::Unfit(vec![Reason::TokenGone]), ..row }
}

#[test]
fn a_tokens_secret_is_a_pin_and_few_tries_are_said() {
    let (mut state, _) = open(vec![row(1, Fit::Fits), on_token(2, Tries::Low)]);
    assert!(!state.asks_pin(), "nothing is chosen, and there are files");
    state.choose(1);
    assert!(state.asks_pin());
    assert_eq!(state.pin_hint(), PinHint { at_reader: false, tries: Some(Tries::Low) });
    assert!(!state.is_last_try());
    state.choose(0);
    assert_eq!(state.pin_hint(), PinHint::default());
}

#[test]
fn the_last_try_needs_its_box_and_needs_it_again_after_each_answer() {
    let (mut state, now) = open(vec![on_token(1, Tries::Last), on_token(2, Tries::Last)]);
    state.choose(0);
    assert!(!state.primary_is_live());
    assert_eq!(state.press_primary(now, Typed::Something), Pressed::Missing(Missing::Understanding));
    assert!(state.understand(now));
    assert!(state.primary_is_live());
    assert_eq!(state.press_enter(now, Typed::Something), Pressed::Ignored, "Enter in the list is no last try");
    let now = now + Duration::from_secs(1);
    state.choose(1);
    assert!(!state.primary_is_live(), "the box was set for the other token");
    assert!(state.understand(now));
    assert_eq!(state.press_primary(now, Typed::Something), Pressed::Decided(RowId(2)));
    assert_eq!(state.show_problem(Problem::WrongPin(Tries::Last)), Focus::Password);
    assert!(!state.primary_is_live());
}

#[test]
fn a_pin_that_is_typed_at_the_reader_needs_nothing_here() {
    let (mut state, now) = open(vec![KeyRow { password: PasswordState::AtReader, ..on_token(1, Tries::Unsaid) }]);
    assert!(!state.asks_password() && !state.password_was_given());
    assert!(state.pin_hint().at_reader);
    assert_eq!(state.resting_focus(), Focus::Primary);
    assert_eq!(state.press_primary(now, Typed::Nothing), Pressed::Decided(RowId(1)));
    assert_eq!(state.phase(), Phase::Busy(Busy::AtReader));
    assert_eq!(state.show_problem(Problem::Token(Sentence::new("error-refused-at-reader"))), Focus::Primary);
    assert_eq!(state.departure(), Departure::Nothing);
}

#[test]
fn tokens_that_join_an_untouched_window_make_it_as_if_it_had_opened_so() {
    let (mut state, now) = open(vec![]);
    let focus = state.update_keys(vec![on_token(1, Tries::Unsaid)], Touched::NotYet, Typed::Nothing, now);
    assert_eq!(focus, Some(Focus::Password));
    assert_eq!(
        state.press_primary(now, Typed::Something),
        Pressed::Ignored,
        "deaf: the button means something else now"
    );
    let both = vec![row(2, Fit::Fits), on_token(1, Tries::Unsaid)];
    assert_eq!(state.update_keys(both.clone(), Touched::NotYet, Typed::Nothing, now), Some(Focus::Keys));
    assert_eq!(state.update_keys(both, Touched::NotYet, Typed::Nothing, now), None);

    let (mut state, now) = open(vec![on_token(1, Tries::Unsaid)]);
    assert_eq!(state.update_keys(vec![gone(on_token(1, Tries::Unsaid))], Touched::NotYet, Typed::Nothing, now), None);
    assert_eq!(state.chosen_index(), Some(0), "it is waited for");
}

#[test]
fn under_the_persons_hands_no_other_key_is_chosen_and_a_token_that_left_is_waited_for() {
    let (mut state, now) = open(vec![row(1, Fit::Fits), on_token(2, Tries::Unsaid)]);
    state.choose(1);
    let away = vec![row(1, Fit::Fits), gone(on_token(2, Tries::Unsaid))];
    assert_eq!(state.update_keys(away, Touched::Yes, Typed::Something, now), None);
    assert_eq!(state.chosen_index(), Some(1), "what was typed is this token's PIN");
    assert!(state.asks_password());
    let now = now + Duration::from_secs(1);
    assert_eq!(state.press_primary(now, Typed::Something), Pressed::Missing(Missing::Token));
    assert_eq!(state.phase(), Phase::Asking);
    let back = vec![row(1, Fit::Fits), on_token(2, Tries::Unsaid)];
    assert_eq!(state.update_keys(back, Touched::Yes, Typed::Something, now), None);
    assert_eq!(*state.status(), Status::Quiet);
    assert_eq!(state.press_primary(now, Typed::Something), Pressed::Decided(RowId(2)));

    // A row that is not there any more: nothing takes its place while something is typed.
    let (mut state, now) = open(vec![on_token(2, Tries::Unsaid)]);
    state.update_keys(vec![on_token(3, Tries::Unsaid)], Touched::Yes, Typed::Something, now);
    assert_eq!(state.chosen_index(), None);
}

#[test]
fn news_of_tokens_does_not_end_what_is_being_done_nor_silence_what_went_wrong() {
    let (mut state, now) = open(vec![on_token(1, Tries::Unsaid)]);
    state.press_primary(now, Typed::Something);
    state.update_keys(vec![on_token(1, Tries::Low)], Touched::Yes, Typed::Nothing, now);
    assert_eq!(state.phase(), Phase::Busy(Busy::Signing));
    state.show_problem(Problem::WrongPin(Tries::Low));
    state.update_keys(vec![on_token(1, Tries::Low), row(2, Fit::Fits)], Touched::Yes, Typed::Nothing, now);
    assert!(state.password_is_wrong());
    assert_eq!(state.pin_hint().tries, Some(Tries::Low));
}

#[test]
fn a_token_whose_pin_was_locked_is_not_chosen_any_more() {
    let (mut state, now) = open(vec![on_token(1, Tries::Last)]);
    let locked = KeyRow { fit: Fit::Unfit(vec![Reason::PinLocked]), ..on_token(1, Tries::None) };
    state.update_keys(vec![locked], Touched::Yes, Typed::Nothing, now);
    assert_eq!(state.chosen_index(), None);
    assert!(!state.asks_password());
}

#[test]
fn what_was_typed_for_one_token_is_for_no_other_place() {
    let rows = vec![row(1, Fit::Fits), row(2, Fit::Fits), on_token(3, Tries::Unsaid), on_token(4, Tries::Unsaid)];
    let (mut state, _) = open(rows);
    let mut changes = |from: Option<usize>, to: usize| {
        let before = from.and_then(|from| {
            state.choose(from);
            state.chosen_place()
        });
        state.choose(to);
        state.is_another_secret(before.as_ref())
    };
    assert!(changes(Some(2), 3), "another token");
    assert!(changes(Some(0), 2), "a file's password");
    assert!(changes(Some(2), 0), "a PIN for a file");
    assert!(!changes(Some(0), 1), "files often have the same password");
    assert!(!changes(Some(2), 2) && !changes(None, 2));
}

#[test]
fn what_was_typed_for_a_row_that_was_forgotten_is_for_none_of_those_that_stay() {
    for first in [on_token(1, Tries::Unsaid), row(1, Fit::Fits)] {
        let (mut state, now) = open(vec![first, on_token(2, Tries::Unsaid), on_token(3, Tries::Unsaid)]);
        state.choose(0);
        let before = state.chosen_place();
        state.show_keys(vec![on_token(2, Tries::Unsaid), on_token(3, Tries::Unsaid)], None, now);
        assert_eq!(state.chosen_index(), None);
        assert!(state.is_another_secret(before.as_ref()));
    }
}

fn new_key(keys: Vec<KeyRow>) -> (State, Instant) {
    let start = Instant::now();
    let mut state = State::new(&Question::NewKey { details: Vec::new(), file: PathBuf::new() }, keys);
    state.came_to_front(start);
    (state, start + Duration::from_secs(1))
}

fn new_file() -> KeyRow {
    let place = Place::NewFile(PathBuf::from("/keys/new.p12"));
    KeyRow { place, password: PasswordState::New, ..row(1, Fit::Fits) }
}

#[test]
fn a_new_password_is_wanted_twice_and_the_same_both_times() {
    let (mut state, now) = new_key(vec![new_file()]);
    assert_eq!((state.primary(), state.resting_focus()), (Primary::Make, Focus::Password));
    assert!(state.asks_password() && state.asks_twice());
    for (typed, missing) in [
        (Typed::Nothing, Missing::Password),
        (Typed::Once, Missing::Repetition),
        (Typed::Differently, Missing::Agreement),
    ] {
        assert_eq!(state.press_enter(now, typed), Pressed::Missing(missing));
        assert_eq!(state.status(), &Status::Missing(missing));
        assert_eq!(state.password_is_wrong(), missing != Missing::Repetition);
        assert_eq!(state.repetition_is_wrong(), missing == Missing::Repetition);
        assert!(state.password_edited(), "what was wrong is no longer said");
        assert_eq!(state.status(), &Status::Quiet);
    }
    assert_eq!(state.press_enter(now, Typed::Something), Pressed::Decided(RowId(1)));
    assert_eq!(state.phase(), Phase::Busy(Busy::Making));
}

#[test]
fn between_a_file_and_a_token_the_person_chooses_before_anything_is_typed() {
    let token = TokenPlace {
        label: "T".to_owned(),
        reader: String::new(),
        model: String::new(),
        serial: String::new(),
        tries: Tries::Unsaid,
    };
    let on_token = KeyRow { place: Place::Token(token), ..row(2, Fit::Fits) };
    let (mut state, now) = new_key(vec![new_file(), on_token]);
    assert_eq!((state.chosen_index(), state.resting_focus()), (None, Focus::Keys));
    assert!(!state.asks_password(), "one field or two: that depends on the place");
    assert_eq!(state.press_primary(now, Typed::Nothing), Pressed::Missing(Missing::Key));
    state.choose(1);
    assert!(state.asks_password() && state.asks_pin() && !state.asks_twice());
    // A PIN is typed once.
    assert_eq!(state.press_enter(now, Typed::Once), Pressed::Decided(RowId(2)));
}

#[test]
fn a_page_that_goes_while_a_key_is_made_may_have_got_its_request() {
    let (mut state, now) = new_key(vec![new_file()]);
    state.press_primary(now, Typed::Something);
    assert!(state.page_gone(now));
    assert_eq!(state.departure(), Departure::Perhaps);
}

#[test]
fn a_certificate_is_put_in_with_one_password() {
    let start = Instant::now();
    let mut state = State::new(&Question::Install { details: Vec::new() }, vec![row(1, Fit::Fits)]);
    state.came_to_front(start);
    let now = start + Duration::from_secs(1);
    assert_eq!((state.primary(), state.resting_focus()), (Primary::Install, Focus::Password));
    assert_eq!(state.press_enter(now, Typed::Nothing), Pressed::Missing(Missing::Password));
    assert_eq!(state.press_enter(now, Typed::Once), Pressed::Decided(RowId(1)));
    assert_eq!(state.phase(), Phase::Busy(Busy::Installing));
}
