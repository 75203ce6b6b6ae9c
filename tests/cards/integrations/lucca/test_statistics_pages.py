"""The pages of what is sent to Lucca, as owners, editors, learners and strangers meet them."""

from collections.abc import Callable
from datetime import date
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from cards.integrations.lucca import connect, nights, statistics, sync
from cards.integrations.lucca.models import DirectoryEmployee, Link, Receipt, StatisticsSettings
from cards.people.models import User
from cards.runs import actions
from cards.runs.models import Run, RunState
from cards.trainings.models import Training
from lucca_simulator.custom_data import define_trainings
from tests.cards.integrations.lucca.conftest import connected_to
from tests.cards.integrations.lucca.conftest import text_of as raw_text_of
from tests.cards.integrations.lucca.learning import World

ClientOf = Callable[[User], Client]


def text_of(client: Client, name: str, *args: object, **query: str) -> str:
    return unescape(raw_text_of(client, name, *args, **query))


def post(client: Client, name: str, *args: object) -> str:
    response = client.post(reverse(name, args=args), follow=True)
    assert response.status_code == 200
    return unescape(response.content.decode())


def test_the_tab_is_there_while_the_synchronization_is_on(world: World, ada: User, client_of: ClientOf) -> None:
    client = client_of(ada)
    assert reverse("lucca_statistics") in text_of(client, "lucca_users")
    StatisticsSettings.objects.update(is_on=False)
    assert reverse("lucca_statistics") not in text_of(client, "lucca_users")


@pytest.mark.requirement("R78")
def test_send_now_brings_the_results_to_lucca_and_reports_them(world: World, ada: User, client_of: ClientOf) -> None:
    people = world.learn(world.training(), people=3)
    client = client_of(ada)
    assert "Statistics are being sent" in post(client, "lucca_send")
    run = world.see_through(Run.objects.get(kind="push_now"))
    report = text_of(client, "lucca_push", run.pk)
    assert "Report of the sending" in report
    assert report.count("Results sent") == 3
    overview = text_of(client, "lucca_statistics")
    assert "3 rows in all" in overview
    assert all(len(world.rows(lucca_id)) == 1 for lucca_id in people)
    csv = b"".join(client.get(reverse("lucca_push_csv", args=[run.pk])).streaming_content).decode()
    assert csv.count("Results sent") == 3


def test_a_sending_behind_another_run_waits_for_its_turn(world: World, ada: User, client_of: ClientOf) -> None:
    sync.refresh(world.account, by=ada)
    client = client_of(ada)
    post(client, "lucca_send")
    assert "The sending of statistics waits for its turn. See how far it is" in text_of(client, "lucca_statistics")


def test_the_list_says_whose_results_are_in_lucca_whose_are_to_be_sent_and_who_has_none(
    world: World, ada: User, client_of: ClientOf
) -> None:
    training = world.training()
    in_lucca, changed, not_sent, no_results = world.links[:4]
    world.learn(training, people=[in_lucca, changed])
    world.send()
    world.learn(training, people=[changed], done=4)
    world.learn(training, people=[not_sent])
    expected = {in_lucca: "In Lucca", changed: "To be sent", not_sent: "To be sent", no_results: "Nothing to send yet"}
    for link, words in expected.items():
        page = text_of(client_of(ada), "lucca_statistics", search=link.user.email)
        row = page[page.index(reverse("lucca_statistics_person", args=[link.pk])) :]
        assert words in row[: row.index("</tr>")]


def test_whose_results_lucca_did_not_take_and_who_left_is_said_beside_them_until_a_later_sending(
    world: World, ada: User, client_of: ClientOf
) -> None:
    refused, gone, other = world.learn(world.training(), people=world.links[:3])
    world.simulator.faults(kind="error", status=403, route=f"/api/v3/users/{refused}", method="PUT")
    DirectoryEmployee.objects.filter(lucca_id=gone).update(contract_end_on=date(2020, 1, 31))
    world.send()
    client = client_of(ada)

    def row_and_page(lucca_id: str) -> tuple[str, str]:
        link = Link.objects.get(lucca_id=lucca_id)
        page = text_of(client, "lucca_statistics")
        row = page[page.index(reverse("lucca_statistics_person", args=[link.pk])) :]
        return row[: row.index("</tr>")], text_of(client, "lucca_statistics_person", link.pk)

    for lucca_id, words in (
        (refused, "Lucca does not let the key write on this file."),
        (gone, "Has left the company; nothing is sent any more."),
    ):
        assert all("To be sent" not in text and words in text for text in row_and_page(lucca_id))
    assert "In Lucca" in row_and_page(other)[0]
    report = reverse("lucca_push", args=[Run.objects.latest("pk").pk])
    assert f'Finished · <a href="{report}?show=failed">1 failed</a>' in text_of(client, "lucca_statistics")
    assert "1 file, 1 failed" in text_of(client, "lucca_history")
    world.simulator.clear_faults()
    post(client, "lucca_send_one", Link.objects.get(lucca_id=refused).pk)
    world.see_through(Run.objects.get(kind="push_one"))
    world.learn(Training.objects.get(), people=[Link.objects.get(lucca_id=refused)], done=4)
    row, page = row_and_page(refused)
    assert "To be sent" in row
    assert "let the key write" not in row + page
    assert "Has left the company" in row_and_page(gone)[0]


def test_the_list_is_narrowed_to_files_with_statistics(world: World, ada: User, client_of: ClientOf) -> None:
    [sent] = world.learn(world.training(), people=1)
    client = client_of(ada)
    assert "Nobody matches" in text_of(client, "lucca_statistics", show="sent")
    world.send()
    page = text_of(client, "lucca_statistics", show="sent")
    assert page.count('class="row-main"') == 2  # this file, and the sending
    assert Link.objects.get(lucca_id=sent).user.email in page


def test_asking_twice_goes_along_with_the_push_under_way(world: World, ada: User, eli: User) -> None:
    world.learn(world.training(), people=3)
    assert nights.send_now(world.account, by=ada).pk == nights.send_now(world.account, by=eli).pk


def test_preview_shows_the_section_before_anything_is_sent_and_sending_for_one_proves_it(
    world: World, ada: User, client_of: ClientOf
) -> None:
    first, second = world.learn(world.training(), people=2)
    client = client_of(ada)
    link = Link.objects.get(lucca_id=first)
    page = text_of(client, "lucca_statistics_person", link.pk)
    assert "Fire safety" in page
    assert "60\u00a0%" in page
    assert "Not in Lucca yet" in page
    assert world.calls() == []
    post(client, "lucca_send_one", link.pk)
    world.see_through(Run.objects.get(kind="push_one"))
    assert len(world.rows(first)) == 1
    assert not world.rows(second)
    assert "The same on both sides" in text_of(client, "lucca_statistics_person", link.pk)


def test_what_lucca_shows_stands_beside_what_cards_knows_and_differences_are_marked(
    world: World, ada: User, client_of: ClientOf
) -> None:
    [first] = world.learn(world.training(), people=1)
    world.send()
    world.put_by_hand(first)
    occurrence = world.simulator.company.employees[int(first)].custom["e_formation"][0]  # type: ignore[index]
    occurrence.value["e_progress"].value = "10 %"
    client = client_of(ada)
    link = Link.objects.get(lucca_id=first)
    page = text_of(client, "lucca_statistics_person", link.pk, read="1")
    assert page.count("Differs") == 2
    assert "10 %" in page
    assert "Swimming" in page
    assert "Typed in Lucca, left as it is" in page


def test_a_file_that_cannot_be_read_says_so(world: World, ada: User, client_of: ClientOf) -> None:
    link = world.links[0]
    world.simulator.faults(kind="error", status=503)
    assert "could not be read in Lucca" in text_of(client_of(ada), "lucca_statistics_person", link.pk, read="1")


def test_the_page_leads_to_the_file_where_the_operator_says_that_it_is(
    world: World, ada: User, client_of: ClientOf, settings: object
) -> None:
    link = world.links[0]
    settings.CARDS_LUCCA_FILE_PATH = "/people/{id}/file"  # type: ignore[attr-defined]
    page = text_of(client_of(ada), "lucca_statistics_person", link.pk)
    assert f'href="{world.account.url}/people/{link.lucca_id}/file"' in page


def test_switched_off_the_configuration_leads_to_removing_what_is_left(
    world: World, ada: User, client_of: ClientOf
) -> None:
    world.learn(world.training(), people=3)
    world.send()
    client = client_of(ada)
    assert reverse("lucca_remove_statistics") not in text_of(client, "lucca_configuration")
    statistics.save_settings(world.account, is_on=False, codes={}, by=ada)
    page = text_of(client, "lucca_configuration")
    assert "The rows of Cards are still on 3 files." in page
    assert reverse("lucca_remove_statistics") in page


# --- taking everything back -------------------------------------------------------------------------


def test_removing_asks_first_shows_its_plan_and_takes_only_what_cards_wrote(
    world: World, ada: User, client_of: ClientOf
) -> None:
    people = world.learn(world.training(), people=25)
    world.learn(world.training("GDPR"), people=5)
    foreign = {lucca_id: world.put_by_hand(lucca_id) for lucca_id in people}
    world.send()
    client = client_of(ada)
    assert "removed from 25 files" in text_of(client, "lucca_remove_statistics")
    post(client, "lucca_remove_statistics")
    run = world.see_through(Run.objects.get(kind="push_remove"))
    assert run.state == RunState.DRAFT
    assert "Nothing has been removed yet." in text_of(client, "lucca_push", run.pk)
    assert StatisticsSettings.objects.get().is_on
    post(client, "lucca_change_push", run.pk, "start")
    assert not StatisticsSettings.objects.get().is_on
    world.forget_calls()
    world.see_through(run)
    assert run.state == RunState.FINISHED
    assert {lucca_id: world.rows(lucca_id) for lucca_id in people} == {
        lucca_id: [foreign[lucca_id]] for lucca_id in people
    }
    assert not Receipt.objects.exists()
    assert sorted(world.calls()) == ["GET"] * 2 + ["PUT"] * 25


def test_a_removal_that_is_set_aside_is_told_where_it_was_begun_and_one_that_is_stopped_says_what_is_left(
    world: World, ada: User, client_of: ClientOf
) -> None:
    world.learn(world.training(), people=3)
    world.send()
    run = world.see_through(nights.plan_removing(world.account, by=ada))
    client = client_of(ada)
    assert "Remove from 3 files</button>" in text_of(client, "lucca_push", run.pk)
    nights.start_removing(run=run, by=ada)
    assert "Statistics are being removed from Lucca." in text_of(client, "lucca_statistics")
    actions.pause(run=run, by=ada)
    sentence = "The removal of the statistics is paused."
    assert sentence in text_of(client, "lucca_statistics")
    assert sentence in text_of(client, "home")
    actions.cancel(run=run, by=ada)
    assert sentence not in text_of(client, "lucca_statistics")
    assert sentence not in text_of(client, "home")
    page = text_of(client, "lucca_push", run.pk)
    assert "Stopped by hand." in page
    assert "To be removed" not in page
    assert "Still to do" not in page
    # The counter, the filter and each of the lines.
    assert page.count("Not removed") == 2 + 3


def test_the_report_of_a_removal_says_that_it_is_finished(world: World, ada: User, client_of: ClientOf) -> None:
    world.learn(world.training(), people=3)
    world.send()
    run = world.see_through(nights.plan_removing(world.account, by=ada))
    nights.start_removing(run=run, by=ada)
    world.see_through(run)
    assert "Finished: removed from 3 files." in text_of(client_of(ada), "lucca_push", run.pk)


def test_lists_count_the_files_that_were_written_and_not_those_that_failed(
    world: World, ada: User, client_of: ClientOf
) -> None:
    closed, *others = world.links[:15]
    world.learn(world.training(), people=[closed, *others])
    world.simulator.faults(kind="error", status=403, route=f"/api/v3/users/{closed.lucca_id}", method="PUT")
    run, client = world.send(), client_of(ada)
    assert (run.state, run.done) == (RunState.FINISHED, 15)
    assert "Finished: 14 files in Lucca are up to date." in text_of(client, "lucca_push", run.pk)
    assert "14 files" in text_of(client, "lucca_history")
    assert 'data-label="Files">14</td>' in text_of(client, "lucca_statistics")


def test_a_removal_counts_a_file_with_rows_under_two_codes_once_and_names_the_former_code(
    world: World, ada: User, client_of: ClientOf
) -> None:
    world.learn(world.training(), people=3)
    world.send()
    define_trainings(world.simulator.company.catalogue, code="e_parcours", name="Parcours")
    statistics.save_settings(world.account, is_on=True, codes={"compound": "e_parcours"}, by=ada)
    client = client_of(ada)
    assert "Remove everything Cards wrote" in text_of(client, "lucca_statistics")
    world.send()
    run = world.see_through(nights.plan_removing(world.account, by=ada))
    page = text_of(client, "lucca_push", run.pk)
    assert "Remove from 3 files</button>" in page
    assert page.count("Sent under the former code e_formation.") == 3
    nights.start_removing(run=run, by=ada)
    world.see_through(run)
    assert "Finished: removed from 3 files." in text_of(client, "lucca_push", run.pk)
    assert "6 files" not in text_of(client, "lucca_history")
    assert not any(world.rows(link.lucca_id, code) for link in world.links for code in ("e_formation", "e_parcours"))


def test_a_removal_takes_back_also_what_was_sent_after_its_plan_was_made(world: World) -> None:
    training = world.training()
    world.learn(training, people=3)
    world.send()
    removal = world.see_through(nights.plan_removing(world.account, by=world.ada))
    world.learn(training, people=6)
    world.send()
    nights.start_removing(run=removal, by=world.ada)
    world.see_through(removal)
    assert (removal.state, removal.done, removal.total) == (RunState.FINISHED, 6, 6)
    assert not any(world.rows(link.lucca_id) for link in world.links)
    assert not Receipt.objects.exists()


def test_a_removal_that_lucca_rejects_says_so_also_where_no_settings_were_saved_since_connecting(
    world: World, ada: User
) -> None:
    world.learn(world.training(), people=3)
    world.send()
    connect.disconnect(world.account, by=ada)
    world.account = connected_to(world.simulator, world.account.space, ada)
    removal = world.see_through(nights.plan_removing(world.account, by=ada))
    nights.start_removing(run=removal, by=ada)
    world.simulator.faults(kind="error", status=400, method="PUT")
    world.see_through(removal)
    assert (removal.state, removal.reason) == (RunState.STOPPED, "fields")


@pytest.mark.parametrize(("hypothesis", "null"), [("replace", "refuse"), ("upsert", "delete")])
def test_rows_go_under_both_readings_of_what_an_array_means(world: World, hypothesis: str, null: str) -> None:
    world.simulator.switch(multi_write=hypothesis, null_value_in_array=null)
    [first] = world.learn(world.training(), people=1)
    foreign = world.put_by_hand(first)
    world.send()
    run = world.see_through(nights.plan_removing(world.account, by=world.ada))
    nights.start_removing(run=run, by=world.ada)
    world.see_through(run)
    assert world.rows(first) == [foreign]


def test_disconnecting_says_so_keeps_receipts_without_values_and_finds_its_rows_again(
    world: World, ada: User, client_of: ClientOf
) -> None:
    training = world.training()
    [first] = world.learn(training, people=1, points=8)
    world.send()
    client = client_of(ada)
    assert "Cards keeps only where it stands, not what it says" in text_of(client, "lucca_disconnect")
    post(client, "lucca_disconnect")
    receipt = Receipt.objects.get()
    assert (receipt.title, receipt.progress, receipt.score, receipt.is_proven) == ("", "", "", False)
    assert not StatisticsSettings.objects.exists()
    world.account = connected_to(world.simulator, world.account.space, ada)
    statistics.save_settings(world.account, is_on=True, codes={}, by=ada)
    world.learn(training, people=1, done=5, of=5, points=8)
    world.send()
    assert [row[2] for row in world.rows(first)] == ["100\u00a0%"]
    assert Receipt.objects.get().is_proven


def test_the_history_names_pushes_and_leads_to_their_reports(world: World, ada: User, client_of: ClientOf) -> None:
    world.learn(world.training(), people=1)
    run = world.send()
    client = client_of(ada)
    assert "Statistics, sent by hand" in text_of(client, "lucca_history", show="statistics")
    assert client.get(reverse("lucca_run", args=[run.pk])).headers["Location"] == reverse("lucca_push", args=[run.pk])


# --- who may enter ----------------------------------------------------------------------------------


def addresses(world: World) -> list[tuple[str, str]]:
    world.learn(world.training(), people=2)
    run, link = world.send(), world.links[0]
    return [
        ("get", reverse("lucca_statistics")),
        ("post", reverse("lucca_send")),
        ("get", reverse("lucca_statistics_person", args=[link.pk])),
        ("post", reverse("lucca_send_one", args=[link.pk])),
        ("get", reverse("lucca_push", args=[run.pk])),
        ("get", reverse("lucca_push_csv", args=[run.pk])),
        ("get", reverse("lucca_run", args=[run.pk])),
        ("post", reverse("lucca_change_push", args=[run.pk, "cancel"])),
        ("get", reverse("lucca_remove_statistics")),
    ]


def test_lou_and_zoe_find_nothing_and_eli_does_not_remove(
    world: World, eli: User, lou: User, zoe: User, client_of: ClientOf
) -> None:
    for method, path in addresses(world):
        assert getattr(client_of(lou), method)(path).status_code == 403, path
        assert getattr(client_of(zoe), method)(path).status_code == 404, path
        status = getattr(client_of(eli), method)(path).status_code
        assert status == 403 if path == reverse("lucca_remove_statistics") else status in (200, 302), path
