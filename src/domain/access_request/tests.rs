//! Every guard of the state machine, and what no sequence of commands may break.

mod appeals;
mod clocks;
mod committees;
mod damage;
mod decisions;
mod endings;
mod frames;
mod random;
mod silence;
mod story;
mod transfers;
mod uses;
