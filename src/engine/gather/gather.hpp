#pragma once
// Parallel orchestration: everything a turn needs is fetched at once, each source with its own
// timeout. What has not come by the soft wait is left out (unless required), cancelled, and named;
// a dead source never fails a turn.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/base/result.hpp"
#include "core/observe/trace.hpp"
#include "io/runtime/scope.hpp"
#include "io/store/stores.hpp"

namespace hayate::gather {

/// What is asked, as far as sources need to know it.
struct Question {
    std::string text;
    std::string language;  // "en" or "ja"
    store::Owner owner;
    std::string customer;                // id; empty for anonymous visitors
    std::string session;                 // empty: no stored history
    std::vector<float> vector{};         // of the text, when it is known already
    std::optional<std::string> order{};  // the number of the order that is named
    int documents = 5;
    int exchanges = 5;
};

/// What came. Parts whose source did not answer stay empty.
struct Gathered {
    std::vector<store::Hit> documents;
    std::vector<store::Turn> history;
    std::optional<store::Customer> profile;
    std::vector<store::Order> orders;
    std::optional<std::string> asked_order;  // the number of the order that was asked for
};

/// Adds what one source fetched. Called at most once per source, on the shard, only if the turn did
/// not go on without.
using Contribution = std::function<void(Gathered&)>;

/// One thing to fetch. Shared by all turns; `fetch` must honour the token in `wait`.
class Source {
  public:
    virtual ~Source() = default;
    [[nodiscard]] virtual std::string name() const = 0;
    virtual Task<Result<Contribution>> fetch(Question question, store::Wait wait) = 0;
};

struct SourcePlan {
    std::shared_ptr<Source> source;
    Duration timeout = std::chrono::seconds(1);
    bool is_required = false;  // waited for until its own timeout, beyond the soft wait
};

struct GatherResult {
    Gathered data;
    std::vector<observe::Span> spans;            // one per source, on the trace's time line
    std::map<std::string, std::string> missing;  // source -> reason
};

/// Fetches all sources of the plan. Returns when all have answered, or at the soft wait if only
/// optional ones are missing, or at the deadline; every child has ended by then.
Task<GatherResult> gather(std::vector<SourcePlan> plan, Question question, Duration soft_wait,
                          Deadline deadline, CancelToken token, TimePoint trace_begin);

}  // namespace hayate::gather
