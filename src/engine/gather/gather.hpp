#pragma once
// Parallel orchestration: everything a turn needs is fetched at once, each source with its own
// timeout; a source that wants another's result starts the moment that is there. What has not come
// by the soft wait is left out (unless required), cancelled, and named; a dead source never fails a
// turn.

#include <concepts>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/base/result.hpp"
#include "core/config/source_needs.hpp"
#include "core/observe/trace.hpp"
#include "io/runtime/scope.hpp"
#include "io/store/stores.hpp"

namespace hayate::gather {

struct Gathered;

/// What is asked, as far as sources need to know it.
struct Question {
    std::string text;
    std::string language;  // "en" or "ja"
    store::Owner owner;
    std::string customer;                // id; empty for anonymous visitors
    std::string session;                 // empty: no stored history
    std::vector<float> vector{};         // of the text, when it is known already
    std::optional<std::string> order{};  // the number of the order that is named
    store::ProductFilter filter{};       // what the question says of products
    bool is_list = false;                // products that fit the filter are wanted, and no others
    bool leaves_out_owned = false;       // and nothing of series that the customer has
    int documents = 5;
    int exchanges = 5;
    /// What had come when this source started; only for sources that need others, else null.
    std::shared_ptr<const Gathered> known{};
};

/// What a configured service said, in words for the prompt.
struct Fact {
    std::string source;
    std::string label;                            // in the customer's language
    std::string text;                             // "field: value" lines
    std::map<std::string, std::string> values{};  // by field, for sources that need this one
};

/// What came. Parts whose source did not answer stay empty.
struct Gathered {
    std::vector<store::Hit> documents;
    bool is_list = false;  // the documents are all that fits what was said, and nothing else
    std::vector<store::Turn> history;
    std::optional<store::Customer> profile;
    std::vector<store::Order> orders;
    std::optional<std::string> asked_order;  // the number of the order that was asked for
    std::vector<Fact> facts;
};

/// What one source fetched. A function alone is a contribution.
struct Contribution {
    Contribution() = default;
    template <std::invocable<Gathered&> Add>
    Contribution(Add function)  // NOLINT(google-explicit-constructor)
        : add(std::move(function)) {}

    /// Called at most once, on the shard, only if the turn did not go on without.
    std::function<void(Gathered&)> add;
    /// Not empty: this is the answer, for example "cache hit". All other sources are cancelled for
    /// that reason, and none of them counts as missing.
    std::string is_answer_because;
};

/// One thing to fetch. Shared by all turns; `fetch` must honour the token in `wait`.
class Source {
  public:
    virtual ~Source() = default;
    [[nodiscard]] virtual std::string name() const = 0;
    /// The sources whose result it wants (Question::known); it starts when all of them have come,
    /// and is missing when one of them is.
    [[nodiscard]] virtual std::vector<std::string> needs() const { return {}; }
    virtual Task<Result<Contribution>> fetch(Question question, store::Wait wait) = 0;
};

struct SourcePlan {
    std::shared_ptr<Source> source;
    Duration timeout = std::chrono::seconds(1);
    /// Waited for until its own timeout, beyond the soft wait; and so is what it needs.
    bool is_required = false;
    std::vector<std::string> needs{};        // beyond those that the source names itself
    std::optional<Duration> soft_wait = {};  // in place of the gather's
    std::string name{};                      // in place of the source's own

    [[nodiscard]] std::string shown_name() const { return name.empty() ? source->name() : name; }
};

/// What could never work: a need that the plan does not fetch, a circle. To be asked when the plan
/// is made; `gather` itself leaves such a source out.
[[nodiscard]] std::vector<config::NeedProblem> check_plan(const std::vector<SourcePlan>& plan);

/// The sources of `plan` that are named, and all that they need, in the plan's order: what one
/// intent fetches of everything that there is. Unknown names are passed over.
[[nodiscard]] std::vector<SourcePlan> select(const std::vector<SourcePlan>& plan,
                                             const std::vector<std::string>& names);

struct GatherResult {
    Gathered data;
    std::vector<observe::Span> spans;            // one per source, on the trace's time line
    std::map<std::string, std::string> missing;  // source -> reason
    bool is_answered = false;                    // a source brought the answer itself
};

/// Fetches all sources of the plan. Returns when all have answered, or at the soft wait if only
/// optional ones are missing, or when one of them brought the answer, or at the deadline; every
/// child has ended by then.
Task<GatherResult> gather(std::vector<SourcePlan> plan, Question question, Duration soft_wait,
                          Deadline deadline, CancelToken token, TimePoint trace_begin);

}  // namespace hayate::gather
