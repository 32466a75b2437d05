#pragma once
// Selector: the route's memory. It keeps what is known of each model's speed and quality, and
// decides. The clock is passed in.
//
// Thread-safe: all shards share one. A turn takes the lock four times (to choose, at its start, at
// its first token, at its end), for a few microseconds each and never for a token; in exchange
// every shard knows at once what the others have seen, which a slowdown makes worth it.

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/route/answer_lengths.hpp"
#include "engine/route/choice.hpp"
#include "engine/route/latency_estimate.hpp"
#include "engine/route/matrix_policy.hpp"
#include "engine/route/quality_table.hpp"
#include "io/model/model.hpp"

namespace hayate::route {

/// What the configuration says about one model.
struct ModelFacts {
    std::string name;
    model::Price price;
    LatencyPrior prior;
};

/// What changes about a model from moment to moment, besides its speed.
struct ModelState {
    bool is_ready = true;
    double expected_wait_ms = 0;     // before a new call gets a place
    double prompt_tokens_per_s = 0;  // as far as it has measured itself; 0: unknown
    double tokens_per_s = 0;
};

/// One turn's question.
struct ChoiceRequest {
    std::string intent;       // empty: unknown
    double complexity = 0.5;  // 0 to 1
    CallShape shape;          // answer_tokens before anything is learned of a model's answers
    Limits limits;
    uint64_t seed = 0;  // of the turn: decides whether it explores
    /// Not empty: only these, in this order, instead of the policy's.
    std::vector<std::string> preferred;
};

struct SelectorOptions {
    /// So many of an intent's turns may be late although a model fitted. While fewer are, models
    /// with a smaller chance of being in time are accepted, down to `confidence_min`: asking 95 %
    /// of every single turn would leave 99 % in time and give away quality. 0: always 95 %.
    double late_share = 0.04;
    double confidence_min = 0.7;
    double confidence_step = 0.03;  // adaptive conformal inference, on the level of the decision
    EstimateOptions estimate;
    LengthOptions lengths;
    QualityOptions quality;
    ChoiceOptions choice;
};

class Selector;

/// One call of a model under observation. Ends when told, or as "nothing learned" when destroyed.
class ObservedCall {
  public:
    ObservedCall() = default;
    ObservedCall(ObservedCall&& other) noexcept;
    ObservedCall& operator=(ObservedCall&& other) noexcept;
    ~ObservedCall() { abandon(); }

    /// The first visible token has come. Later calls do nothing.
    void first_token(TimePoint now = base::Clock::now());
    /// The call has ended after `tokens` tokens; `is_whole` is false when it was stopped or broke.
    void end(int64_t tokens, bool is_whole, TimePoint now = base::Clock::now());

  private:
    friend class Selector;
    ObservedCall(Selector& selector, size_t model, LatencyEstimate::CallId id, TimePoint begun)
        : selector_(&selector), model_(model), id_(id), begun_(begun) {}
    void watch(const Limits& limits);
    void abandon();

    Selector* selector_ = nullptr;
    size_t model_ = 0;
    LatencyEstimate::CallId id_ = 0;
    TimePoint begun_;
    double first_ms_ = 0;
    int asked_tokens_ = 0;  // expected of the answer, before anything learned; 0: not to be learned
    bool is_watched_ = false;  // whether the turn is in time teaches how sure to be the next time
    std::string intent_;
    Limits limits_;
};

class Selector {
  public:
    explicit Selector(std::vector<ModelFacts> models, SelectorOptions options = {});
    Selector(const Selector&) = delete;
    Selector& operator=(const Selector&) = delete;

    /// `states` in the order of the models given to the constructor. Empty when no allowed model is
    /// configured and ready.
    [[nodiscard]] std::optional<Choice> choose(const ChoiceRequest& request,
                                               const MatrixPolicy& policy,
                                               const std::vector<ModelState>& states,
                                               TimePoint now = base::Clock::now());
    /// Begins to observe the chosen call. The selector outlives it.
    [[nodiscard]] ObservedCall begin(const Choice& choice, const ChoiceRequest& request,
                                     TimePoint now = base::Clock::now());
    /// The same for a call that nothing was chosen for; nothing is learned for an unknown model.
    [[nodiscard]] ObservedCall begin(std::string_view model, const CallShape& shape,
                                     TimePoint now = base::Clock::now(), double wait_ms = 0);
    /// The predicted 95 % quantiles of a model, without its waiting time; zeros for an unknown one.
    [[nodiscard]] Prediction predict(std::string_view model, const CallShape& shape,
                                     TimePoint now = base::Clock::now());

    /// See QualityTable, for this and the next three.
    int64_t record_outcome(std::string_view intent, Tier tier, std::string_view model, Label label);
    void restore_outcome(std::string_view intent, Tier tier, std::string_view model,
                         int64_t position, Label label);
    void relabel_outcome(std::string_view intent, Tier tier, std::string_view model,
                         int64_t position, Label from, Label to);
    [[nodiscard]] std::vector<QualityTable::Row> outcomes() const;
    [[nodiscard]] double expected_quality(std::string_view intent, Tier tier,
                                          std::string_view model, double prior) const;

  private:
    friend class ObservedCall;
    struct Known {
        ModelFacts facts;
        LatencyEstimate estimate;
        double pace = 0;  // tokens a second that its prior was made of
    };

    void take_pace(Known& known, const ModelState& state);
    [[nodiscard]] std::optional<size_t> index_of(std::string_view name) const;
    [[nodiscard]] Candidate candidate(const std::string& name, const ChoiceRequest& request,
                                      const std::vector<ModelState>& states, TimePoint now);
    [[nodiscard]] std::vector<std::string> order(const ChoiceRequest& request,
                                                 const MatrixPolicy& policy, Tier tier) const;
    void first_token(size_t model, LatencyEstimate::CallId id, TimePoint now);
    void end(size_t model, LatencyEstimate::CallId id, const CallEnd& how, TimePoint now);
    [[nodiscard]] double confidence_of(const std::string& intent) const;
    void learn_confidence(const std::string& intent, bool is_late);
    void learn_length(const std::string& intent, size_t model, int expected, int64_t tokens);

    SelectorOptions options_;
    mutable std::mutex mutex_;
    std::vector<Known> models_;                 // guarded by mutex_; names and prices never change
    AnswerLengths lengths_;                     // guarded by mutex_
    QualityTable quality_;                      // guarded by mutex_
    std::map<std::string, double> confidence_;  // by intent; guarded by mutex_
};

}  // namespace hayate::route
