//! Every case of the state machine.
