#include "io/model/llama/batch_machine.hpp"

#include <algorithm>
#include <utility>

namespace hayate::model::llama {

BatchMachine::BatchMachine(const Options& options)
    : options_(options), prefixes_(options.prefixes) {}

void BatchMachine::submit(Job job) { queue_.push_back(std::move(job)); }

bool BatchMachine::cancel(RequestId id) {
    if (std::erase_if(queue_, [id](const Job& job) { return job.id == id; }) > 0) return true;
    if (find(id) == live_.end()) return false;
    finish(id);
    return true;
}

std::vector<RequestId> BatchMachine::expire(TimePoint now) {
    std::vector<RequestId> late;
    const auto is_late = [now](const Job& job) { return job.first_token_deadline.at() <= now; };
    for (const Job& job : queue_) {
        if (is_late(job)) late.push_back(job.id);
    }
    for (const Live& live : live_) {
        if (live.generated == 0 && is_late(live.job)) late.push_back(live.job.id);
    }
    for (const RequestId id : late) cancel(id);
    return late;
}

Step BatchMachine::plan(int chunk_tokens) {
    admit();
    Step step;
    add_generation_rows(step);
    add_prompt_rows(step, chunk_tokens);
    prefixes_.make_room(static_cast<int>(step.rows.size()));
    step.memory = prefixes_.take_actions();
    return step;
}

void BatchMachine::commit(const Step& step) {
    for (const Row& row : step.rows) {
        prefixes_.append(row.sequence, row.token);
        find(row.id)->next.reset();
    }
}

bool BatchMachine::sampled(RequestId id, Token token) {
    Live& live = *find(id);
    live.next = token;
    ++live.generated;
    return live.generated < live.job.max_tokens && position(live) < options_.context_tokens;
}

void BatchMachine::finish(RequestId id) {
    const auto ended = find(id);
    const bool is_read = prompt_left(*ended) == 0;
    if (ended->job.becomes_fixed && is_read) {
        prefixes_.fix(ended->lease.sequence);
    } else {
        prefixes_.give_back(ended->lease.sequence, ended->job.prefix_key);
    }
    live_.erase(ended);
}

bool BatchMachine::is_generating() const {
    return std::ranges::any_of(live_, [](const Live& live) { return live.next.has_value(); });
}

int BatchMachine::prompt_tokens(RequestId id) const {
    return static_cast<int>(find(id)->job.prompt.size());
}

void BatchMachine::admit() {
    while (live() < options_.slots && !queue_.empty()) {
        Job job = std::move(queue_.front());
        queue_.pop_front();
        const PrefixStore::Lease lease = prefixes_.take(job.prefix_key, job.prompt);
        live_.push_back({.job = std::move(job), .lease = lease});
    }
}

void BatchMachine::add_generation_rows(Step& step) const {
    for (const Live& live : live_) {
        if (!live.next) continue;
        step.rows.push_back({.id = live.job.id,
                             .sequence = live.lease.sequence,
                             .token = *live.next,
                             .position = position(live),
                             .wants_logits = true});
    }
}

// Alternates between the request that is nearest to its first token and the one that waits longest:
// the first keeps the time to first token low, the second lets no long prompt starve.
void BatchMachine::add_prompt_rows(Step& step, int chunk_tokens) {
    std::vector<const Live*> reading;
    for (const Live& live : live_) {
        if (prompt_left(live) > 0) reading.push_back(&live);
    }
    if (reading.empty()) return;
    if (!std::exchange(oldest_first_, !oldest_first_)) {
        const auto left = [this](const Live* live) { return prompt_left(*live); };
        std::iter_swap(reading.begin(), std::ranges::min_element(reading, {}, left));
    }
    for (const Live* live : reading) {
        add_prompt_rows_of(*live, step, chunk_tokens - step.prompt_rows);
    }
}

void BatchMachine::add_prompt_rows_of(const Live& live, Step& step, int tokens_max) const {
    const int begin = position(live);
    const int end = std::min(begin + tokens_max, static_cast<int>(live.job.prompt.size()));
    for (int i = begin; i < end; ++i) {
        step.rows.push_back({.id = live.job.id,
                             .sequence = live.lease.sequence,
                             .token = live.job.prompt[static_cast<size_t>(i)],
                             .position = i,
                             .wants_logits = i + 1 == static_cast<int>(live.job.prompt.size())});
        ++step.prompt_rows;
    }
}

int BatchMachine::position(const Live& live) const {
    return static_cast<int>(prefixes_.tokens(live.lease.sequence).size());
}

int BatchMachine::prompt_left(const Live& live) const {
    return std::max(0, static_cast<int>(live.job.prompt.size()) - position(live));
}

std::deque<BatchMachine::Live>::const_iterator BatchMachine::find(RequestId id) const {
    return std::ranges::find(live_, id, [](const Live& live) { return live.job.id; });
}

std::deque<BatchMachine::Live>::iterator BatchMachine::find(RequestId id) {
    return std::ranges::find(live_, id, [](const Live& live) { return live.job.id; });
}

}  // namespace hayate::model::llama
