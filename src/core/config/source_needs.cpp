#include "core/config/source_needs.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "core/base/nearest.hpp"

namespace hayate::config {
namespace {

/// Depth first; `path` is the way from where the walk began.
class CircleFinder {
  public:
    explicit CircleFinder(const SourceNeeds& sources) : sources_(sources) {}

    std::vector<NeedProblem> find() {
        for (const auto& entry : sources_) visit(entry.first);
        return std::move(problems_);
    }

  private:
    void visit(const std::string& name) {
        const auto again = std::ranges::find(path_, name);
        if (again != path_.end()) return report({again, path_.end()});
        const auto found = sources_.find(name);
        if (found == sources_.end() || !seen_.insert(name).second) return;
        path_.push_back(name);
        for (const std::string& need : found->second) visit(need);
        path_.pop_back();
    }
    void report(std::vector<std::string> circle) {
        if (circle.size() == 1) {
            problems_.push_back({circle.front(), "needs itself"});
            return;
        }
        std::ranges::rotate(circle, std::ranges::min_element(circle));
        problems_.push_back(
            {circle.front(), fmt::format("needs itself in a circle: {} -> {}",
                                         fmt::join(circle, " -> "), circle.front())});
    }

    const SourceNeeds& sources_;
    std::set<std::string> seen_;
    std::vector<std::string> path_;
    std::vector<NeedProblem> problems_;
};

}  // namespace

std::vector<NeedProblem> problems_of_needs(const SourceNeeds& sources) {
    std::vector<NeedProblem> problems;
    std::vector<std::string> known;
    known.reserve(sources.size());
    for (const auto& entry : sources) known.push_back(entry.first);
    for (const auto& [name, needs] : sources) {
        for (const std::string& need : needs) {
            if (sources.contains(need)) continue;
            problems.push_back({name, fmt::format("needs '{}', which is not among the sources{}",
                                                  need, base::did_you_mean(need, known))});
        }
    }
    for (NeedProblem& circle : CircleFinder(sources).find()) problems.push_back(std::move(circle));
    return problems;
}

}  // namespace hayate::config
