//! `samenspel demo`: a throw-away market, from the example data to introductions and the site, saying each step.

mod folder;
mod letters;

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;

use app::config::{Config, MailTransport, Review};
use app::{App, Clock, MatchView, MemberFields, OnInvalid, Opening, ReviewFields};
use domain::dutch::commands::{self as words, demo as said, help};
use domain::matches::{Answer, Decision, DeclineReason, MatchState, ReviewReason, Side};
use domain::members::Viewer;
use domain::region::Region;
use domain::text::Note;

use crate::commands::import::bring_in;
use crate::commands::rematch::rematched;
use crate::commands::serve;
use crate::tables::{self, Kind};
use crate::{refusal, rows, screen};
use folder::Folder;

/// The example data, with the names the files have in the repository.
const EXAMPLES: [(Kind, &str, &str); 3] = [
    (
        Kind::Organisations,
        "organisations.csv",
        include_str!("../../../../examples/organisations.csv"),
    ),
    (
        Kind::Requests,
        "requests.csv",
        include_str!("../../../../examples/requests.csv"),
    ),
    (
        Kind::Offers,
        "offers.csv",
        include_str!("../../../../examples/offers.csv"),
    ),
];

/// The port it serves on, or the next that is free.
const USUAL_PORT: u16 = 8080;

/// Ports it tries.
const MAX_PORTS: u16 = 20;

/// Offers shown of one request; the rest is counted.
const MAX_SHOWN: usize = 3;

/// How score, offer and reasons share the width of the screen, in percent.
const SHARES: [u16; 3] = [7, 35, 58];

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[arg(long, help = help::DEMO_NO_SERVE)]
    no_serve: bool,
    #[arg(long, value_name = "MAP", default_value = "demo", help = help::DEMO_FOLDER)]
    folder: PathBuf,
    #[arg(long, value_name = "ADRES", conflicts_with = "no_serve", help = help::LISTEN)]
    listen: Option<SocketAddr>,
}

/// Goes through the whole product once, then serves it.
pub(crate) async fn run(args: Args) -> anyhow::Result<()> {
    let listener = if args.no_serve {
        None
    } else {
        Some(listen(args.listen)?)
    };
    let folder = Folder::make_empty(&args.folder)?;
    let config = settings(&folder, listener.as_ref())?;
    step(1, &said::database(folder.database().display()))?;
    let app = App::open(config, Opening::MayCreate, Clock::System).await?;
    step(2, said::import())?;
    import(&app).await?;
    step(3, said::matching())?;
    let done = rematched(&app).await?;
    screen::say(&words::rematched(done.requests, done.offers, done.proposed))?;
    step(4, said::proposals())?;
    let found = proposals(&app).await?;
    show(&app, &found).await?;
    step(5, said::review())?;
    let approved = review(&app, &found).await?;
    screen::say(&said::invited(
        app.deliver_due().await.map_err(refusal::said)?.sent,
        folder.mail().display(),
    ))?;
    step(6, said::consent())?;
    consent(&app, &folder, &approved).await?;
    step(7, &said::introductions(folder.mail().display()))?;
    app.deliver_due().await.map_err(refusal::said)?;
    letters::show_introductions(&app, &folder).await?;
    let Some(listener) = listener else {
        return Ok(screen::say(&said::serve_later(
            folder.settings().display(),
        ))?);
    };
    step(8, &said::serve(folder.settings().display(), COORDINATOR))?;
    serve::serve(app, listener).await
}

/// The address of the demo's coordinator.
const COORDINATOR: &str = "coordinator@samenspel.example";

fn step(number: u8, text: &str) -> anyhow::Result<()> {
    Ok(screen::say(&format!(
        "\n{}",
        screen::heading(&format!("{number}. {text}"))
    ))?)
}

/// A listener on the address that was typed, or on the first free port from the usual one.
fn listen(typed: Option<SocketAddr>) -> anyhow::Result<TcpListener> {
    if let Some(address) = typed {
        return serve::listen(address);
    }
    let address = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let free =
        (USUAL_PORT..USUAL_PORT + MAX_PORTS).find_map(|port| TcpListener::bind(address(port)).ok());
    free.map_or_else(|| serve::listen(address(USUAL_PORT)), Ok)
}

/// Everything stays in the folder: no letter leaves the machine, and each proposal waits for the coordinator.
fn settings(folder: &Folder, listener: Option<&TcpListener>) -> anyhow::Result<Config> {
    let mut config = Config::load(None)?;
    if let Some(listener) = listener {
        config.http.listen = listener.local_addr()?;
        config.http.public_url = format!("http://{}", config.http.listen);
    }
    config.database.url = folder.database().display().to_string();
    config.mail.transport = MailTransport::Files;
    config.mail.folder = folder.mail();
    config.matching.review = Review::All;
    config.matching.review_in.clear();
    folder.write_settings(&config)?;
    Ok(config)
}

async fn import(app: &App) -> anyhow::Result<()> {
    for (kind, file, text) in EXAMPLES {
        let table = tables::read_bytes(file, text.as_bytes(), kind)?;
        let report = bring_in(app, kind, &table, OnInvalid::Refuse).await?;
        if let Some(refused) = report.refused.first() {
            anyhow::bail!(table.said(refused));
        }
        screen::say(&said::imported(file, report.imported))?;
    }
    Ok(())
}

/// Every proposal, the requests in the order of their file, the best offer of each first.
async fn proposals(app: &App) -> anyhow::Result<Vec<MatchView>> {
    let mut found = app
        .export_matches(&app.administrator())
        .await
        .map_err(refusal::said)?;
    found.retain(|seen| seen.found.state == MatchState::Proposed);
    found.sort_by(|a, b| {
        let by_request = a.request.post.reference.cmp(&b.request.post.reference);
        by_request.then(score(b).total_cmp(&score(a)))
    });
    Ok(found)
}

fn score(seen: &MatchView) -> f64 {
    seen.found.explanation.score
}

/// Shows the best proposals of each request, and the requests that have none.
async fn show(app: &App, found: &[MatchView]) -> anyhow::Result<()> {
    let mut without = Vec::new();
    let mut requests = app
        .export_requests(&app.administrator())
        .await
        .map_err(refusal::said)?;
    requests.sort_by(|a, b| a.post.reference.cmp(&b.post.reference));
    for request in requests {
        let place = app.region_label(Region::Municipality(request.post.content.municipality));
        let title = said::request(
            request.post.content.title.as_str(),
            request.owner.name.as_str(),
            &place,
        );
        let offers: Vec<&MatchView> = found
            .iter()
            .filter(|seen| seen.found.request == request.post.id)
            .collect();
        if offers.is_empty() {
            without.push(title);
            continue;
        }
        let shown: Vec<Vec<String>> = offers
            .iter()
            .take(MAX_SHOWN)
            .map(|seen| record(seen))
            .collect();
        screen::say(&format!(
            "{}\n{}",
            screen::heading(&title),
            screen::columns(&SHARES, &shown)
        ))?;
        if offers.len() > MAX_SHOWN {
            screen::say(&said::more(offers.len() - MAX_SHOWN))?;
        }
        screen::say("")?;
    }
    Ok(screen::say(&said::without_proposal(&without))?)
}

/// Score, offer and reasons.
fn record(seen: &MatchView) -> Vec<String> {
    vec![
        said::score(score(seen)),
        format!(
            "{} ({})",
            seen.offer.post.content.title, seen.offer.owner.name
        ),
        rows::why(&seen.found.explanation),
    ]
}

/// Adds a coordinator who approves the best proposal of each coalition, and one more.
async fn review(app: &App, found: &[MatchView]) -> anyhow::Result<Vec<MatchView>> {
    let coordinator = MemberFields {
        name: said::coordinator_name().to_owned(),
        email: COORDINATOR.to_owned(),
        organisation: said::coordinator_organisation().to_owned(),
        role: "coordinator".to_owned(),
        ..MemberFields::default()
    };
    let coordinator = Viewer::Member(app.add_member(coordinator).await.map_err(refusal::said)?);
    let mut approved = Vec::new();
    for seen in choose(found) {
        let review = ReviewFields {
            decision: Decision::Approve,
            reason: ReviewReason::GoodFit,
            note: "".parse::<Note>()?,
        };
        approved.push(
            app.review_match(&coordinator, seen.found.id, review)
                .await
                .map_err(refusal::said)?,
        );
        screen::say(&said::approved(
            &app.region_label(Region::Municipality(seen.request.post.content.municipality)),
            seen.request.post.content.title.as_str(),
            seen.offer.post.content.title.as_str(),
            score(seen),
        ))?;
    }
    Ok(approved)
}

/// The best proposal of each municipality, then the best that is left: each with another request and another offer.
fn choose(found: &[MatchView]) -> Vec<&MatchView> {
    let mut best: Vec<&MatchView> = found.iter().collect();
    best.sort_by(|a, b| score(b).total_cmp(&score(a)));
    let mut chosen: Vec<&MatchView> = Vec::new();
    let is_new = |chosen: &[&MatchView], seen: &MatchView| {
        chosen.iter().all(|each| {
            each.found.request != seen.found.request && each.found.offer != seen.found.offer
        })
    };
    let place = |seen: &MatchView| seen.request.post.content.municipality;
    for seen in &best {
        if is_new(&chosen, seen) && chosen.iter().all(|each| place(each) != place(seen)) {
            chosen.push(seen);
        }
    }
    let one_more = best.iter().find(|seen| is_new(&chosen, seen)).copied();
    chosen.extend(one_more);
    chosen
}

/// Everybody answers by the link in their letter: yes, but for the one who offers in the match approved last.
async fn consent(app: &App, folder: &Folder, approved: &[MatchView]) -> anyhow::Result<()> {
    let mut answers = Vec::new();
    for token in letters::tokens(&folder.mail())? {
        let page = app.consent(&token).await.map_err(refusal::said)?;
        let (request, offer) = match page.side {
            Side::Request => (&page.own_title, &page.other_title),
            Side::Offer => (&page.other_title, &page.own_title),
        };
        let place = approved.iter().position(|seen| {
            seen.request.post.content.title.as_str() == request
                && seen.offer.post.content.title.as_str() == offer
        });
        let seen = place.and_then(|place| approved.get(place));
        let owner = seen.map(|seen| match page.side {
            Side::Request => seen.request.owner.name.to_string(),
            Side::Offer => seen.offer.owner.name.to_string(),
        });
        let is_last = place.is_some_and(|place| place + 1 == approved.len());
        let answer = if is_last && page.side == Side::Offer {
            Answer::No
        } else {
            Answer::Yes
        };
        answers.push((
            answer,
            place,
            token,
            said::answer(answer, &owner.unwrap_or_default(), &page.own_title),
        ));
    }
    // Who says no ends the match, so they come last.
    answers.sort_by_key(|(answer, place, ..)| (*answer == Answer::No, *place));
    for (answer, _, token, sentence) in answers {
        app.answer_consent(&token, answer, DeclineReason::NotNow)
            .await
            .map_err(refusal::said)?;
        screen::say(&sentence)?;
    }
    Ok(())
}
