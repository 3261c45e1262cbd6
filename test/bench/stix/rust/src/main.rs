//! The peer in Rust: reads one request as JSON from standard input, writes one answer as JSON.
//!
//! CPU times are microseconds of the best of `runs` runs, of this process alone.

use std::collections::HashMap;
use std::hint::black_box;
use std::io::Read;

use rstix::core::{QueryableStixObject, StixTimestamp};
use rstix::model::sco::ScoObject;
use rstix::model::{Bundle, ParseOptions, StixObject};
use rstix::pattern::{ObservationContext, Pattern, TimestampedObservation};
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Deserialize)]
struct Request {
    /// 0 for the verdicts alone.
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
    verdicts: Vec<Verdict>,
}

/// True, false, or the text of what was refused.
#[derive(Serialize)]
#[serde(untagged)]
enum Verdict {
    Of(bool),
    Refused(String),
}

/// What a bundle holds to be matched. Observed-data is read here, since rstix refuses one that refers to a custom
/// object; a custom object is made the observable that the pattern engine knows.
struct Observed {
    bundle: Bundle,
    custom: Vec<ScoObject>,
    /// When each object was observed.
    times: HashMap<String, StixTimestamp>,
}

fn read(text: &str, options: &ParseOptions) -> Result<Observed, String> {
    let mut value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let mut times = HashMap::new();
    let objects = value["objects"].as_array_mut().ok_or("no objects")?;
    for data in objects.iter().filter(|one| one["type"] == "observed-data") {
        let at = data["first_observed"].as_str().and_then(|at| StixTimestamp::parse(at).ok());
        for id in data["object_refs"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            times.insert(id.to_owned(), at.clone().ok_or("no first_observed")?);
        }
    }
    objects.retain(|one| one["type"] != "observed-data");
    let bundle = Bundle::parse_with_options(&value.to_string(), options)
        .map_err(|error| error.to_string())?;
    let custom = bundle
        .objects()
        .iter()
        .filter_map(|object| match object {
            StixObject::Custom(custom) => {
                Some(serde_json::from_value(custom.raw.clone()).map(ScoObject::Custom))
            }
            _ => None,
        })
        .collect::<Result<_, _>>()
        .map_err(|error| error.to_string())?;
    Ok(Observed { bundle, custom, times })
}

/// The observations as rstix itself makes them of observed-data: each object on its own, at `first_observed`.
fn observations_of(observed: &Observed) -> Vec<TimestampedObservation<'_>> {
    let scos = observed.bundle.objects().iter().filter_map(|object| match object {
        StixObject::Sco(sco) => Some(sco),
        _ => None,
    });
    let at = |sco: &ScoObject| observed.times.get(&sco.id().to_string()).cloned();
    scos.chain(&observed.custom).map(|sco| TimestampedObservation { sco, at: at(sco) }).collect()
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
    let options = ParseOptions::default().allow_custom(true);
    let read: Vec<_> = request.bundles.iter().map(|text| read(text, &options)).collect();
    let observations: Vec<_> = read
        .iter()
        .map(|one| one.as_ref().map(observations_of).unwrap_or_default())
        .collect();
    let contexts: Vec<_> = observations
        .iter()
        .zip(&read)
        .map(|(observations, one)| ObservationContext {
            observations,
            bundle: one.as_ref().ok().map(|one| &one.bundle),
        })
        .collect();
    let (pairs_us, _) = best(request.runs, || {
        let verdict = |&(pattern, observation): &(usize, usize)| {
            let Ok(pattern) = &parsed[pattern] else { return false };
            pattern.evaluate(&contexts[observation]).unwrap_or(false)
        };
        let timed = if request.runs == 0 { &[][..] } else { &request.pairs };
        timed.iter().map(verdict).collect::<Vec<_>>()
    });
    let verdict = |&(pattern, observation): &(usize, usize)| -> Result<bool, String> {
        let pattern = parsed[pattern].as_ref().map_err(|error| format!("pattern: {error}"))?;
        read[observation].as_ref().map_err(|error| format!("bundle: {error}"))?;
        let answer = pattern.evaluate(&contexts[observation]);
        answer.map_err(|error| format!("evaluation: {error}"))
    };
    let verdicts = request
        .pairs
        .iter()
        .map(|pair| verdict(pair).map_or_else(Verdict::Refused, Verdict::Of))
        .collect();
    let answer = Answer { parse_us, rejected, pairs_us, verdicts };
    println!("{}", serde_json::to_string(&answer).expect("an answer"));
}
