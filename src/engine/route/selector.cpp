#include "engine/route/selector.hpp"

#include <algorithm>
#include <utility>

namespace hayate::route {
namespace {

/// After so many calls a model's speed counts as known.
constexpr int64_t kKnownAfter = 8;

/// Until then it may be so much faster than the configuration says.
constexpr double kOptimism = 0.33;

/// Calls that nobody chose by intent, and mistakes, must not fill the memory.
constexpr size_t kIntentsMax = 1'000;
constexpr double kSure = 0.95;
constexpr double kSurest = 0.98;

/// A number from 0 to 1 that depends on the seed alone (the finalizer of SplitMix64).
double draw_of(uint64_t seed) {
    uint64_t z = seed + 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1.0p-53;
}

}  // namespace

ObservedCall::ObservedCall(ObservedCall&& other) noexcept { *this = std::move(other); }

ObservedCall& ObservedCall::operator=(ObservedCall&& other) noexcept {
    if (this == &other) return *this;
    abandon();
    selector_ = std::exchange(other.selector_, nullptr);
    model_ = other.model_;
    id_ = other.id_;
    begun_ = other.begun_;
    first_ms_ = other.first_ms_;
    asked_tokens_ = other.asked_tokens_;
    is_watched_ = other.is_watched_;
    intent_ = std::move(other.intent_);
    limits_ = other.limits_;
    return *this;
}

void ObservedCall::first_token(TimePoint now) {
    if (selector_ == nullptr || first_ms_ > 0) return;
    first_ms_ = std::max(base::to_ms(now - begun_), 1e-3);
    selector_->first_token(model_, id_, now);
}

void ObservedCall::end(int64_t tokens, bool is_whole, TimePoint now) {
    if (selector_ == nullptr) return;
    const CallEnd how{.first_ms = first_ms_,
                      .total_ms = base::to_ms(now - begun_),
                      .tokens = tokens,
                      .is_whole = is_whole};
    if (is_watched_ && is_whole) {
        const bool is_late = (limits_.total_ms && how.total_ms > *limits_.total_ms) ||
                             (limits_.first_ms && how.first_ms > *limits_.first_ms);
        selector_->learn_confidence(intent_, is_late);
    }
    if (is_whole && asked_tokens_ > 0)
        selector_->learn_length(intent_, model_, asked_tokens_, tokens);
    std::exchange(selector_, nullptr)->end(model_, id_, how, now);
}

void ObservedCall::watch(const Limits& limits) {
    is_watched_ = limits.total_ms || limits.first_ms;
    limits_ = limits;
}

void ObservedCall::abandon() {
    if (selector_ != nullptr) std::exchange(selector_, nullptr)->end(model_, id_, {}, begun_);
}

Selector::Selector(std::vector<ModelFacts> models, SelectorOptions options)
    : options_(options), lengths_(options.lengths), quality_(options.quality) {
    models_.reserve(models.size());
    for (ModelFacts& facts : models) {
        LatencyEstimate estimate(facts.prior, options.estimate);
        models_.push_back({.facts = std::move(facts), .estimate = std::move(estimate)});
    }
}

std::optional<size_t> Selector::index_of(std::string_view name) const {
    const auto found =
        std::ranges::find_if(models_, [&](const Known& known) { return known.facts.name == name; });
    if (found == models_.end()) return std::nullopt;
    return static_cast<size_t>(found - models_.begin());
}

/// The policy's order; in the medium tier the seed's rule for a short budget turns it round, as
/// long as nobody knows how fast its first model is.
std::vector<std::string> Selector::order(const ChoiceRequest& request, const MatrixPolicy& policy,
                                         Tier tier) const {
    if (!request.preferred.empty()) return request.preferred;
    std::vector<std::string> names = policy.row_of(request.intent).of(tier);
    const bool is_short =
        request.limits.total_ms &&
        *request.limits.total_ms < static_cast<double>(policy.short_budget.count());
    if (tier != Tier::kMedium || !is_short || names.empty()) return names;
    const auto first = index_of(names.front());
    if (first && models_[*first].estimate.observed() < kKnownAfter) std::ranges::reverse(names);
    return names;
}

/// What a local model measured of itself when it was loaded is better than what is written about
/// it.
void Selector::take_pace(Known& known, const ModelState& state) {
    const bool is_untried = known.estimate.observed() == 0 && known.estimate.in_flight() == 0;
    if (!is_untried || !(state.tokens_per_s > 0) || known.pace == state.tokens_per_s) return;
    known.pace = state.tokens_per_s;
    LatencyPrior prior = known.facts.prior;
    prior.token_ms = 1000 / state.tokens_per_s;
    if (state.prompt_tokens_per_s > 0) {
        prior.prompt_token_ms = 1000 / state.prompt_tokens_per_s;
        prior.first_ms = prior.token_ms;
    }
    known.estimate = LatencyEstimate(prior, options_.estimate);
}

Candidate Selector::candidate(const std::string& name, const ChoiceRequest& request,
                              const std::vector<ModelState>& states, TimePoint now) {
    Candidate made{.name = name};
    const auto index = index_of(name);
    made.is_configured = index.has_value();
    if (!index) return made;
    Known& known = models_[*index];
    const ModelState state = *index < states.size() ? states[*index] : ModelState{};
    take_pace(known, state);
    known.estimate.check_overdue(now);
    made.answer_tokens =
        lengths_.expected(request.intent, name, std::max(1, request.shape.answer_tokens));
    const CallShape shape{.prompt_tokens = request.shape.prompt_tokens,
                          .answer_tokens = made.answer_tokens};
    const Prediction prediction = known.estimate.predict(shape, now);
    made.is_ready = state.is_ready;
    const double wait = state.expected_wait_ms;
    made.wait_ms = wait;
    made.first = {prediction.typical_first_ms + wait, prediction.first_ms + wait};
    made.total = {prediction.typical_total_ms + wait, prediction.total_ms + wait};
    made.hoped_ms = wait + std::min(prediction.typical_total_ms, prediction.prior_total_ms);
    if (known.estimate.observed() < kKnownAfter) made.hoped_ms *= kOptimism;
    made.is_uncertain = prediction.looks_faster || known.estimate.observed() < kKnownAfter;
    made.cost_micros = model::cost_micros(
        known.facts.price,
        {.prompt_tokens = shape.prompt_tokens, .completion_tokens = shape.answer_tokens});
    return made;
}

std::optional<Choice> Selector::choose(const ChoiceRequest& request, const MatrixPolicy& policy,
                                       const std::vector<ModelState>& states, TimePoint now) {
    const Tier tier = policy.tier_of(request.complexity);
    const MatrixRow& row = policy.row_of(request.intent);
    const ScoreWeights weights{row.quality_weight, row.speed_weight};
    Limits limits = request.limits;
    std::vector<Candidate> candidates;
    {
        const std::lock_guard lock(mutex_);
        limits.confidence = confidence_of(request.intent);
        for (const std::string& name : order(request, policy, tier)) {
            Candidate made = candidate(name, request, states, now);
            const double prior = MatrixPolicy::prior_quality(row, name, candidates.size());
            made.quality = quality_.expected(request.intent, tier, name, prior);
            made.score = score(weights, made.quality, made.total.typical_ms, made.cost_micros);
            candidates.push_back(std::move(made));
        }
    }
    return route::choose(std::move(candidates), limits, draw_of(request.seed), options_.choice);
}

double Selector::confidence_of(const std::string& intent) const {
    const auto found = confidence_.find(intent);
    return found == confidence_.end() ? kSure : found->second;
}

void Selector::learn_confidence(const std::string& intent, bool is_late) {
    if (!(options_.late_share > 0)) return;
    const std::lock_guard lock(mutex_);
    if (confidence_.size() >= kIntentsMax && !confidence_.contains(intent)) return;
    double& confidence = confidence_.try_emplace(intent, kSure).first->second;
    const double step = (is_late ? 1.0 : 0.0) - options_.late_share;
    confidence =
        std::clamp(confidence + options_.confidence_step * step, options_.confidence_min, kSurest);
}

void Selector::learn_length(const std::string& intent, size_t model, int expected, int64_t tokens) {
    const std::lock_guard lock(mutex_);
    lengths_.record(intent, models_[model].facts.name, expected, tokens);
}

ObservedCall Selector::begin(const Choice& choice, const ChoiceRequest& request, TimePoint now) {
    const Candidate& chosen = choice.chosen();
    ObservedCall call =
        begin(chosen.name,
              {.prompt_tokens = request.shape.prompt_tokens, .answer_tokens = chosen.answer_tokens},
              now, chosen.wait_ms);
    call.intent_ = request.intent;
    call.asked_tokens_ = request.shape.answer_tokens;
    if (choice.is_in_time && !choice.is_exploration) call.watch(request.limits);
    return call;
}

ObservedCall Selector::begin(std::string_view model, const CallShape& shape, TimePoint now,
                             double wait_ms) {
    const std::lock_guard lock(mutex_);
    const auto index = index_of(model);
    if (!index) return {};
    return {*this, *index, models_[*index].estimate.begin(shape, now, wait_ms), now};
}

Prediction Selector::predict(std::string_view model, const CallShape& shape, TimePoint now) {
    const std::lock_guard lock(mutex_);
    const auto index = index_of(model);
    return index ? models_[*index].estimate.predict(shape, now) : Prediction{};
}

void Selector::first_token(size_t model, LatencyEstimate::CallId id, TimePoint now) {
    const std::lock_guard lock(mutex_);
    models_[model].estimate.first_token(id, now);
}

void Selector::end(size_t model, LatencyEstimate::CallId id, const CallEnd& how, TimePoint now) {
    const std::lock_guard lock(mutex_);
    models_[model].estimate.end(id, how, now);
}

int64_t Selector::record_outcome(std::string_view intent, Tier tier, std::string_view model,
                                 Label label) {
    const std::lock_guard lock(mutex_);
    return quality_.record(intent, tier, model, label);
}

void Selector::restore_outcome(std::string_view intent, Tier tier, std::string_view model,
                               int64_t position, Label label) {
    const std::lock_guard lock(mutex_);
    quality_.restore(intent, tier, model, position, label);
}

void Selector::relabel_outcome(std::string_view intent, Tier tier, std::string_view model,
                               int64_t position, Label from, Label to) {
    const std::lock_guard lock(mutex_);
    quality_.relabel(intent, tier, model, position, from, to);
}

std::vector<QualityTable::Row> Selector::outcomes() const {
    const std::lock_guard lock(mutex_);
    return quality_.rows();
}

double Selector::expected_quality(std::string_view intent, Tier tier, std::string_view model,
                                  double prior) const {
    const std::lock_guard lock(mutex_);
    return quality_.expected(intent, tier, model, prior);
}

}  // namespace hayate::route
