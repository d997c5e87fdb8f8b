//! Files of organisations and posts: all of them or none, known rows left alone, and what goes out comes in again.

use app::{AppError, ImportReport, ImportRow, OnInvalid, OrganisationFields};
use domain::members::Viewer;
use domain::offers::OfferFields;
use domain::organisations::Organisation;
use domain::posts::PostFilter;
use domain::requests::RequestFields;
use store::Slice;

use super::dump::dump;
use super::town::{Town, offer, on_both, request};

fn organisation(line: u64, id: &str) -> ImportRow<OrganisationFields> {
    ImportRow {
        line,
        id: id.to_owned(),
        organisation: format!("Stichting {id}"),
        fields: OrganisationFields {
            kind: "partner".to_owned(),
            place: "Apeldoorn".to_owned(),
            contact_name: "Ria de Vries".to_owned(),
            contact_email: format!("{id}@voorbeeld.nl"),
            ..OrganisationFields::default()
        },
    }
}

fn row<F>(line: u64, id: &str, organisation: &str, fields: F) -> ImportRow<F> {
    ImportRow {
        line,
        id: id.to_owned(),
        organisation: organisation.to_owned(),
        fields,
    }
}

async fn organisations(
    town: &Town,
    rows: Vec<ImportRow<OrganisationFields>>,
    on: OnInvalid,
) -> ImportReport {
    town.app
        .import_organisations(rows, on, Box::new(|_| {}))
        .await
        .unwrap()
}

async fn requests(town: &Town, rows: Vec<ImportRow<RequestFields>>, on: OnInvalid) -> ImportReport {
    town.app
        .import_requests(rows, on, Box::new(|_| {}))
        .await
        .unwrap()
}

/// Line and field of each problem.
fn refused(report: &ImportReport) -> Vec<(u64, &str)> {
    report
        .refused
        .iter()
        .map(|row| (row.line, row.problem.field.as_str()))
        .collect()
}

fn numbers(report: &ImportReport) -> (usize, usize, usize) {
    (report.imported, report.known, report.refused.len())
}

#[test]
fn a_file_comes_in_whole_and_is_known_the_second_time() {
    on_both(async |town| {
        let files = || {
            (
                vec![organisation(2, "a"), organisation(3, "b")],
                vec![
                    row(2, "r1", "Stichting a", request()),
                    row(3, "r2", "b", request()),
                    row(4, "r3", "STICHTING A", request()),
                ],
            )
        };
        let (parties, posts) = files();
        let offers = || vec![row(2, "r1", "b", offer())];
        assert_eq!(
            numbers(&organisations(&town, parties, OnInvalid::Refuse).await),
            (2, 0, 0)
        );
        assert_eq!(
            numbers(&requests(&town, posts, OnInvalid::Refuse).await),
            (3, 0, 0)
        );
        let report = town
            .app
            .import_offers(offers(), OnInvalid::Refuse, Box::new(|_| {}))
            .await
            .unwrap();
        assert_eq!(
            numbers(&report),
            (1, 0, 0),
            "an offer may have the id of a request"
        );
        let before = dump(&town.url);
        let (parties, posts) = files();
        assert_eq!(
            numbers(&organisations(&town, parties, OnInvalid::Refuse).await),
            (0, 2, 0)
        );
        assert_eq!(
            numbers(&requests(&town, posts, OnInvalid::Refuse).await),
            (0, 3, 0)
        );
        assert_eq!(dump(&town.url), before);
        // The rows of b are not matched with its own offer.
        assert_eq!(town.app.rematch(|_, _| {}).await.unwrap().proposed, 2);
    });
}

#[test]
fn one_wrong_row_keeps_everything_out_or_only_itself() {
    on_both(async |town| {
        organisations(&town, vec![organisation(2, "a")], OnInvalid::Refuse).await;
        let rows = || {
            let nowhere = RequestFields {
                place: "Atlantis".to_owned(),
                title: "Kort".to_owned(),
                ..request()
            };
            vec![
                row(2, "r1", "a", request()),
                row(3, "r2", "a", nowhere),
                row(4, "r3", "Onbekend", request()),
                row(5, "r4", "a", request()),
                row(6, "r1", "a", request()),
                row(7, " ", "a", request()),
                row(8, "r5", "org_00000000000000000000000000000000", request()),
                row(9, "r6", "", request()),
            ]
        };
        let before = dump(&town.url);
        let expected = [
            (3, "place"),
            (3, "title"),
            (4, "organisation"),
            (6, "id"),
            (7, "id"),
            (8, "organisation"),
            (9, "organisation"),
        ];
        let report = requests(&town, rows(), OnInvalid::Refuse).await;
        assert_eq!((report.imported, refused(&report)), (0, expected.to_vec()));
        assert_eq!(dump(&town.url), before, "nothing of the file is kept");

        let report = requests(&town, rows(), OnInvalid::Skip).await;
        assert_eq!((report.imported, refused(&report)), (2, expected.to_vec()));
        let report = requests(&town, rows(), OnInvalid::Skip).await;
        assert_eq!(
            (report.imported, report.known, report.refused.len()),
            (0, 2, expected.len())
        );
        let listed = town
            .app
            .list_requests(&Viewer::Anyone, PostFilter::default(), Slice::first(50))
            .await
            .unwrap();
        assert_eq!(listed.items.len(), 2);
    });
}

#[test]
fn a_file_whose_last_row_fails_leaves_nothing() {
    on_both(async |town| {
        let before_parties = dump(&town.url);
        let mut rows: Vec<_> = (0..40)
            .map(|number| organisation(number + 2, &format!("o{number}")))
            .collect();
        rows[39].fields.contact_email = "O0@voorbeeld.nl".to_owned();
        let report = organisations(&town, rows, OnInvalid::Refuse).await;
        assert_eq!(refused(&report), [(41, "contact_email")]);
        assert_eq!(dump(&town.url), before_parties);

        organisations(&town, vec![organisation(2, "a")], OnInvalid::Refuse).await;
        let before = dump(&town.url);
        let rows: Vec<_> = (0..40)
            .map(|number| row(number + 2, &format!("r{number}"), "a", offer()))
            .collect();
        // The program itself fails on the last row: nobody knows how far it came.
        let failing = town.app.import_offers(
            rows.clone(),
            OnInvalid::Skip,
            Box::new(|done| assert!(done < 40, "the last row fails, as the test wants")),
        );
        assert!(matches!(failing.await, Err(AppError::Broken(_))));
        assert_eq!(dump(&town.url), before);
        let restarted = town.second_process().await;
        assert_eq!(restarted.rematch(|_, _| {}).await.unwrap().offers, 0);
        let report = restarted
            .import_offers(rows, OnInvalid::Refuse, Box::new(|_| {}))
            .await
            .unwrap();
        assert_eq!(numbers(&report), (40, 0, 0));
    });
}

/// Organisations and posts that came in by a file and by hand, two organisations with one name among them.
async fn fill(town: &Town) {
    organisations(town, vec![organisation(2, "a")], OnInvalid::Refuse).await;
    requests(town, vec![row(2, "r1", "a", request())], OnInvalid::Refuse).await;
    let (first, twin) = (
        town.member("Buurtkeuken").await,
        town.member("Dorpshuis").await,
    );
    town.ask(&first, request()).await;
    town.give(&twin, offer()).await;
    let renamed = app::OrganisationEdit {
        name: Some("Buurtkeuken".to_owned()),
        ..app::OrganisationEdit::default()
    };
    let id = twin.viewer.member().unwrap().organisation;
    town.app
        .edit_organisation(&twin.viewer, id, None, renamed)
        .await
        .unwrap();
}

/// An organisation as a file has it that went out.
fn exported(found: &Organisation) -> ImportRow<OrganisationFields> {
    let id = found
        .reference
        .clone()
        .unwrap_or_else(|| found.id.to_string());
    let fields = OrganisationFields {
        kind: found.kind.to_string(),
        ..OrganisationFields::default()
    };
    row(2, &id, found.name.as_str(), fields)
}

#[test]
fn what_goes_out_comes_in_again_as_known() {
    on_both(async |town| {
        let admin = town.person("Beheer", "admin", &[]).await;
        fill(&town).await;
        let (app, viewer) = (&town.app, &admin.viewer);
        let parties: Vec<_> = app
            .export_organisations(viewer)
            .await
            .unwrap()
            .iter()
            .map(exported)
            .collect();
        let mut asked = Vec::new();
        for found in app.export_requests(viewer).await.unwrap() {
            let id = found
                .post
                .reference
                .clone()
                .unwrap_or_else(|| found.post.id.to_string());
            asked.push(row(
                2,
                &id,
                found.owner.name.as_str(),
                RequestFields::from(&found.post.content),
            ));
        }
        let mut offered = Vec::new();
        for found in app.export_offers(viewer).await.unwrap() {
            let id = found.post.id.to_string();
            offered.push(row(
                2,
                &id,
                found.owner.name.as_str(),
                OfferFields::from(&found.post.content),
            ));
        }
        let before = dump(&town.url);
        assert_eq!(
            numbers(&organisations(&town, parties, OnInvalid::Refuse).await),
            (0, 4, 0)
        );
        assert_eq!(
            numbers(&requests(&town, asked, OnInvalid::Refuse).await),
            (0, 2, 0)
        );
        let report = app
            .import_offers(offered, OnInvalid::Refuse, Box::new(|_| {}))
            .await
            .unwrap();
        assert_eq!(numbers(&report), (0, 1, 0));
        assert_eq!(dump(&town.url), before);
    });
}

#[test]
fn progress_is_heard_row_by_row() {
    on_both(async |town| {
        let (heard, hears) = std::sync::mpsc::channel();
        let rows = vec![
            organisation(2, "a"),
            organisation(3, "b"),
            organisation(4, "c"),
        ];
        let progress = Box::new(move |done| heard.send(done).unwrap());
        town.app
            .import_organisations(rows, OnInvalid::Refuse, progress)
            .await
            .unwrap();
        assert_eq!(hears.iter().collect::<Vec<_>>(), [1, 2, 3]);
    });
}
