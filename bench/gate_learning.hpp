#pragma once
// The gate's weights from the tuning half of the labelled answers, and how well that half foretells
// answers to other questions.

#include <string>

namespace hayate::test {

/// Tries each strength of the pull towards the prior on questions that were left out, and prints
/// what is caught of their answers.
void print_cross_validation(bool has_mistakes);

/// Learns with the pull that does best on questions left out, sets the bias so that at the gate's
/// threshold no more than kFalseShare of the good answers left out are called bad, and writes the
/// weights. Returns the exit code.
[[nodiscard]] int learn_into(const std::string& file);

}  // namespace hayate::test
