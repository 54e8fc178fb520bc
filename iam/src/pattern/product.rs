//! Several patterns read at once: patterns in, each set of them that some text satisfies out.
//!
//! Every pattern is a small automaton; together they are run over all texts at once, step by step,
//! and equal situations are looked at once. Some of the patterns bound the texts that count, the
//! others are only watched. This decides questions that no pair of patterns decides, such as whether
//! two patterns together cover a third one.
//!
//! A letter of the private plane stands for the unknown value of a policy variable. A lane either
//! takes it as the one letter that it is, which never takes too many texts, or as any text at all,
//! which never takes too few.
//!
//! INVARIANT: every set that is reported has a text, and unless the search says that it is too large,
//! every set of lanes that some text within the bounds satisfies was reported or cut off on request.

use std::collections::HashSet;

use super::glob::Token;

/// The first and the last letter that stand for values of variables.
/// Source: Unicode Standard, "Private-Use Characters", plane 15.
const SYMBOLS: std::ops::RangeInclusive<char> = '\u{F0000}'..='\u{FFFFD}';

/// Letters that stand for whatever no pattern names, the most legible first.
const PLAIN: &str = "wxyzvutsrqponmlkjihgfedcba0123456789_-.";

/// The letter for the value of the variable with this number, if there are not too many.
pub(crate) fn symbol(number: usize) -> Option<char> {
    let letter = u32::try_from(number).ok()?.checked_add(0xF0000)?;
    char::from_u32(letter).filter(|letter| is_symbol(*letter))
}

/// Tells whether the letter stands for the value of a variable.
pub(crate) fn is_symbol(letter: char) -> bool {
    SYMBOLS.contains(&letter)
}

/// One step of a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// This letter.
    Letter(char),
    /// Exactly one letter, a colon only if told so.
    One { colon: bool },
    /// Any run of letters, with colons only if told so.
    Any { colon: bool },
}

impl Step {
    /// A step of a pattern whose wildcards take colons or not.
    pub(crate) fn of(token: Token, colon: bool) -> Self {
        match token {
            Token::Char(letter) => Self::Letter(letter),
            Token::One => Self::One { colon },
            Token::Any => Self::Any { colon },
        }
    }

    fn takes(self, letter: char) -> bool {
        match self {
            Self::Letter(own) => own == letter,
            Self::One { colon } => !is_symbol(letter) && (colon || letter != ':'),
            Self::Any { colon } => colon || !(is_symbol(letter) || letter == ':'),
        }
    }
}

/// A pattern among others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lane {
    pub(crate) steps: Vec<Step>,
    /// Whether the value of a variable counts as any text, not as the one letter that it is.
    pub(crate) any_value: bool,
}

impl Lane {
    /// A lane that takes no value for more than it is.
    pub(crate) fn plain(steps: Vec<Step>) -> Self {
        Self {
            steps,
            any_value: false,
        }
    }
}

/// What to do after a set was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// Look at the others.
    GoOn,
    /// Look at no other.
    Stop,
}

/// Is handed the watched lanes that take a text, and a way to write the text.
pub(crate) type Visit<'a> = &'a mut dyn FnMut(&[usize], &dyn Fn() -> String) -> Next;

/// How a search ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Search {
    /// All was looked at.
    Whole,
    /// It was told to stop.
    Stopped,
    /// The work that was left did not suffice.
    TooLarge,
}

/// Lanes to run.
pub(crate) struct Product<'a> {
    /// Every text must be within all of these.
    pub(crate) within: &'a [Lane],
    /// Of these it is told which take a text.
    pub(crate) watched: &'a [Lane],
    /// For each watched lane whether texts do not count of which it is certain to take every
    /// continuation.
    pub(crate) cut: &'a [bool],
}

/// A step with its lane, or the end of the lane.
#[derive(Clone, Copy)]
struct Cell {
    lane: u32,
    step: Option<Step>,
    any_value: bool,
}

/// A situation: the cells that the text so far leads to, ascending.
type State = Vec<u32>;

struct Node {
    parent: usize,
    letter: char,
    state: State,
}

impl Product<'_> {
    /// Reports the watched lanes that take a text, for a text of every situation, shortest first.
    ///
    /// `work` is counted down by every cell that is looked at.
    pub(crate) fn search(&self, work: &mut usize, visit: Visit<'_>) -> Search {
        let run = Run::new(self);
        let mut nodes = Vec::new();
        let mut known = HashSet::new();
        if let Some(state) = run.start() {
            known.insert(state.clone());
            nodes.push(Node {
                parent: 0,
                letter: ' ',
                state,
            });
        }
        let mut at = 0;
        while let Some(node) = nodes.get(at) {
            let state = node.state.clone();
            let letters = run.letters(&state);
            let cost = state.len().max(1) * letters.len().max(1);
            let Some(left) = work.checked_sub(cost) else {
                return Search::TooLarge;
            };
            *work = left;
            if let Some(accepted) = run.accepted(&state)
                && visit(&accepted, &|| text(&nodes, at)) == Next::Stop
            {
                return Search::Stopped;
            }
            for letter in letters {
                let Some(state) = run.after(&state, letter) else {
                    continue;
                };
                if known.insert(state.clone()) {
                    nodes.push(Node {
                        parent: at,
                        letter,
                        state,
                    });
                }
            }
            at += 1;
        }
        Search::Whole
    }
}

/// The text that leads to a node. The first node stands for the empty one.
fn text(nodes: &[Node], mut at: usize) -> String {
    let mut letters = Vec::new();
    while let Some(node) = nodes.get(at).filter(|_| at > 0) {
        letters.push(node.letter);
        at = node.parent;
    }
    letters.iter().rev().collect()
}

/// All lanes, one after the other.
struct Run<'a> {
    cells: Vec<Cell>,
    /// How many lanes bound the texts; they come first.
    bounds: usize,
    cut: &'a [bool],
    starts: Vec<u32>,
}

impl<'a> Run<'a> {
    fn new(product: &Product<'a>) -> Self {
        let mut run = Self {
            cells: Vec::new(),
            bounds: product.within.len(),
            cut: product.cut,
            starts: Vec::new(),
        };
        for (lane, one) in (0..).zip(product.within.iter().chain(product.watched)) {
            run.starts
                .push(u32::try_from(run.cells.len()).unwrap_or(u32::MAX));
            let steps = one.steps.iter().copied().map(Some).chain([None]);
            run.cells.extend(steps.map(|step| Cell {
                lane,
                step,
                any_value: one.any_value,
            }));
        }
        run
    }

    fn cell(&self, at: u32) -> Option<&Cell> {
        self.cells.get(usize::try_from(at).ok()?)
    }

    fn start(&self) -> Option<State> {
        let mut state = Vec::new();
        for &start in &self.starts {
            self.enter(start, &mut state);
        }
        self.tidy(state)
    }

    /// Adds a cell and those that a star before them lets pass.
    fn enter(&self, mut at: u32, state: &mut State) {
        while let Some(cell) = self.cell(at) {
            state.push(at);
            if !matches!(cell.step, Some(Step::Any { .. })) {
                break;
            }
            at += 1;
        }
    }

    /// The letters after which situations differ, and one that no pattern names.
    fn letters(&self, state: &[u32]) -> Vec<char> {
        let mut letters = Vec::new();
        for cell in state.iter().filter_map(|&at| self.cell(at)) {
            match cell.step {
                Some(Step::Letter(letter)) if self.is_bound(cell) || !is_symbol(letter) => {
                    letters.push(letter);
                }
                Some(Step::One { colon: false } | Step::Any { colon: false }) => letters.push(':'),
                _ => {}
            }
        }
        letters.sort_unstable();
        letters.dedup();
        letters.extend(fresh(&letters));
        letters.retain(|&letter| self.may_go_on(state, letter));
        letters
    }

    fn is_bound(&self, cell: &Cell) -> bool {
        usize::try_from(cell.lane).is_ok_and(|lane| lane < self.bounds)
    }

    /// Tells whether every bound takes the letter here. The cells of the bounds come first.
    fn may_go_on(&self, state: &[u32], letter: char) -> bool {
        let cells = state.iter().filter_map(|&at| self.cell(at));
        let bounds: Vec<&Cell> = cells.take_while(|cell| self.is_bound(cell)).collect();
        let takes = |cell: &&Cell| cell.step.is_some_and(|step| step.takes(letter));
        bounds
            .chunk_by(|a, b| a.lane == b.lane)
            .all(|lane| lane.iter().any(takes))
    }

    /// The situation after one more letter; `None` if no text that counts goes on so.
    fn after(&self, state: &[u32], letter: char) -> Option<State> {
        let mut next = Vec::with_capacity(state.len() + 4);
        for &at in state {
            let Some(cell) = self.cell(at) else {
                continue;
            };
            if cell.any_value && is_symbol(letter) {
                let rest = (at..).take_while(|&at| {
                    self.cell(at)
                        .is_some_and(|further| further.lane == cell.lane)
                });
                next.extend(rest);
                continue;
            }
            match cell.step {
                Some(step @ Step::Any { .. }) if step.takes(letter) => self.enter(at, &mut next),
                Some(Step::Any { .. }) | None => {}
                Some(step) if step.takes(letter) => self.enter(at + 1, &mut next),
                Some(_) => {}
            }
        }
        next.sort_unstable();
        next.dedup();
        self.tidy(next)
    }

    /// Leaves out what a later star of the same lane takes anyhow; `None` if a bound is broken or a
    /// lane that cuts has taken all continuations.
    fn tidy(&self, state: State) -> Option<State> {
        let mut tidy = Vec::with_capacity(state.len());
        let (mut bounds_met, mut last_lane) = (0, None);
        for at in state {
            let cell = self.cell(at)?;
            let lane = usize::try_from(cell.lane).ok()?;
            if last_lane != Some(lane) {
                bounds_met += usize::from(lane < self.bounds);
                last_lane = Some(lane);
            }
            if let Some(Step::Any { colon }) = cell.step {
                while tidy
                    .last()
                    .and_then(|&before| self.cell(before))
                    .is_some_and(|before| before.lane == cell.lane)
                {
                    tidy.pop();
                }
                let is_last = self.cell(at + 1).is_some_and(|next| next.step.is_none());
                let cuts = || self.cut.get(lane.wrapping_sub(self.bounds)) == Some(&true);
                if colon && is_last && lane >= self.bounds && cuts() {
                    return None;
                }
            }
            tidy.push(at);
        }
        (bounds_met == self.bounds).then_some(tidy)
    }

    /// The watched lanes that take the text so far, if it is within the bounds.
    fn accepted(&self, state: &[u32]) -> Option<Vec<usize>> {
        let ends = state
            .iter()
            .filter_map(|&at| self.cell(at))
            .filter(|cell| cell.step.is_none())
            .filter_map(|cell| usize::try_from(cell.lane).ok());
        let mut met = 0;
        let mut watched = Vec::new();
        for lane in ends {
            match lane.checked_sub(self.bounds) {
                None => met += 1,
                Some(lane) => watched.push(lane),
            }
        }
        (met == self.bounds).then_some(watched)
    }
}

/// A letter that is none of these.
fn fresh(letters: &[char]) -> Option<char> {
    PLAIN
        .chars()
        .chain('\u{E0}'..='\u{FFFF}')
        .find(|letter| letters.binary_search(letter).is_err())
}
