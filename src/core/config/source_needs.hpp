#pragma once
// Which source waits for which: what a plan must not say although each name alone is right.

#include <map>
#include <string>
#include <vector>

namespace hayate::config {

/// A source and the names of those whose result it wants.
using SourceNeeds = std::map<std::string, std::vector<std::string>>;

struct NeedProblem {
    std::string source;
    std::string text;
};
/// A need that is not among the sources, that is the source itself, or that leads back to it: such
/// a source could never start. One problem a circle, at its first name.
[[nodiscard]] std::vector<NeedProblem> problems_of_needs(const SourceNeeds& sources);

}  // namespace hayate::config
