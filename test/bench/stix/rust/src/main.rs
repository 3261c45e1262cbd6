//! The peer in Rust: reads one request as JSON from standard input, writes one answer as JSON.
//!
//! CPU times are microseconds of the best of `runs` runs, of this process alone.

use std::hint::black_box;
use std::io::Read;

use rstix::model::StixObject;
use rstix::model::sco::ScoObject;
use rstix::pattern::{ObservationContext, Pattern, TimestampedObservation};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Request {
    runs: usize,
    patterns: Vec<String>,
    /// A bundle for each observation.
    #[serde(default)]
    bundles: Vec<String>,
    /// Which pattern is tried on which observation.
    #[serde(default)]
    pairs: Vec<(usize, usize)>,
}

#[derive(Serialize)]
struct Answer {
    parse_us: f64,
    rejected: Vec<String>,
    pairs_us: f64,
    verdicts: Vec<bool>,
}

unsafe extern "C" {
    fn clock() -> i64;
}

/// CPU time of this process in microseconds (`CLOCKS_PER_SEC` is a million on POSIX systems).
fn cpu_us() -> f64 {
    // SAFETY: `clock` takes nothing and touches no memory of ours.
    unsafe { clock() as f64 }
}

fn best<T>(runs: usize, mut run: impl FnMut() -> T) -> (f64, T) {
    let mut start = cpu_us();
    let mut value = run();
    let mut least = cpu_us() - start;
    for _ in 1..runs {
        start = cpu_us();
        value = run();
        least = least.min(cpu_us() - start);
    }
    (least, value)
}

fn main() {
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input).expect("read the request");
    let request: Request = serde_json::from_str(&input).expect("a request");
    let (parse_us, _) = best(request.runs, || {
        request.patterns.iter().filter(|one| black_box(Pattern::parse(one)).is_ok()).count()
    });
    let parsed: Vec<_> = request.patterns.iter().map(|one| Pattern::parse(one)).collect();
    let rejected = request
        .patterns
        .iter()
        .zip(&parsed)
        .filter_map(|(text, one)| one.as_ref().err().map(|error| format!("{text}: {error}")))
        .collect();
    let bundles: Vec<_> = request
        .bundles
        .iter()
        .map(|text| rstix::parse_bundle(text).expect("a bundle"))
        .collect();
    let observations: Vec<Vec<TimestampedObservation<'_>>> = bundles
        .iter()
        .map(|bundle| {
            let scos = bundle.objects().iter().filter_map(|object| match object {
                StixObject::Sco(sco) => Some(sco),
                _ => None,
            });
            scos.map(|sco: &ScoObject| TimestampedObservation { sco, at: None }).collect()
        })
        .collect();
    let contexts: Vec<_> = observations
        .iter()
        .zip(&bundles)
        .map(|(observations, bundle)| ObservationContext { observations, bundle: Some(bundle) })
        .collect();
    let (pairs_us, verdicts) = best(request.runs, || {
        let verdict = |&(pattern, observation): &(usize, usize)| {
            let pattern = parsed[pattern].as_ref().expect("a pattern that parses");
            pattern.evaluate(&contexts[observation]).unwrap_or(false)
        };
        request.pairs.iter().map(verdict).collect::<Vec<_>>()
    });
    let answer = Answer { parse_us, rejected, pairs_us, verdicts };
    println!("{}", serde_json::to_string(&answer).expect("an answer"));
}
