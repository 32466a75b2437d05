#include "core/observe/turn_traces.hpp"

#include <algorithm>
#include <utility>

#include "core/base/json_text.hpp"
#include "core/observe/analysis.hpp"

namespace hayate::observe {
namespace {

using base::append_json_string;
using base::append_number;

/// Key and value of one more field of an object that is open.
class Object {
  public:
    explicit Object(std::string& out) : out_(out) { out_ += '{'; }
    ~Object() { out_ += '}'; }
    Object(const Object&) = delete;
    Object& operator=(const Object&) = delete;

    void text(std::string_view key, std::string_view value) {
        open(key);
        append_json_string(out_, value);
    }
    void time(std::string_view key, double ms) {
        open(key);
        append_number(out_, ms, 1);
    }
    void open(std::string_view key) {
        if (!std::exchange(is_first_, false)) out_ += ',';
        append_json_string(out_, key);
        out_ += ':';
    }

  private:
    std::string& out_;
    bool is_first_ = true;
};

void append_span(std::string& out, const Span& span) {
    Object object(out);
    object.text("name", span.name);
    if (!span.parent.empty()) object.text("parent", span.parent);
    object.time("start_ms", span.start_ms);
    object.time("end_ms", span.end_ms);
    object.text("outcome", span.outcome);
    if (!span.detail.empty()) object.text("detail", span.detail);
    if (span.is_critical) {
        object.open("critical");
        out += "true";
    }
    if (!span.budget_ms) return;
    object.time("budget_ms", *span.budget_ms);
    object.time("overrun_ms", overrun_ms(span));
}

template <class Items, class Append>
void append_array(std::string& out, const Items& items, Append append) {
    out += '[';
    bool is_first = true;
    for (const auto& item : items) {
        if (!std::exchange(is_first, false)) out += ',';
        append(item);
    }
    out += ']';
}

void append_trace(std::string& out, const TurnTrace& trace, bool is_whole) {
    Object object(out);
    object.text("response_id", trace.response_id);
    object.open("begin_unix_ms");
    append_number(out, trace.begin_unix_ms);
    object.text("outcome", trace.outcome);
    object.text("language", trace.language);
    object.text("intent", trace.intent);
    object.text("model", trace.model);
    object.open("degraded");
    append_array(out, trace.degraded, [&](const auto& name) { append_json_string(out, name); });
    object.time("first_word_ms", trace.first_word_ms);
    object.time("total_ms", trace.total_ms);
    object.time("sequential_ms", trace.summary.sequential_ms);
    object.time("taken_ms", trace.summary.taken_ms);
    object.time("saved_ms", trace.summary.saved_ms);
    if (!is_whole) return;
    object.open("critical_path");
    append_array(out, critical_path(trace.spans),
                 [&](size_t i) { append_json_string(out, trace.spans[i].name); });
    object.open("spans");
    append_array(out, trace.spans, [&](const Span& span) { append_span(out, span); });
}

}  // namespace

void TurnTraces::add(TurnTrace trace) {
    mark_critical(trace.spans);
    trace.summary = summarise(trace.spans);
    SharedTrace kept = std::make_shared<const TurnTrace>(std::move(trace));
    const std::lock_guard lock(mutex_);
    if (size_max_ == 0) return;
    if (ring_.size() < size_max_) {
        ring_.push_back(std::move(kept));
    } else {
        // The one that goes is freed outside the lock, by `kept`.
        std::swap(ring_[next_], kept);
    }
    next_ = (next_ + 1) % size_max_;
}

std::vector<SharedTrace> TurnTraces::latest(size_t count) const {
    std::vector<SharedTrace> all;
    const std::lock_guard lock(mutex_);
    for (size_t i = 0; i < std::min(count, ring_.size()); ++i) {
        all.push_back(ring_[(next_ + size_max_ - 1 - i) % size_max_]);
    }
    return all;
}

SharedTrace TurnTraces::find(std::string_view response_id) const {
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::find_if(
        ring_, [&](const SharedTrace& trace) { return trace->response_id == response_id; });
    return found == ring_.end() ? nullptr : *found;
}

std::string to_json(const TurnTrace& trace, bool is_whole) {
    std::string out;
    append_trace(out, trace, is_whole);
    return out;
}

}  // namespace hayate::observe
