#pragma once
// Examiner: collects what speaks against one answer while it grows, sentence by sentence. Some tens
// of microseconds a sentence. One per answer, on one thread.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text/key_table.hpp"
#include "engine/gate/claims.hpp"
#include "engine/gate/features.hpp"
#include "engine/gate/grounds.hpp"

namespace hayate::gate {

/// What a token counts in the mean of its answer's probe logits: what a model wrote without
/// hesitation, "the" after "of", tells little of whether it knew.
[[nodiscard]] float probe_weight(float logprob);

class Examiner {
  public:
    /// `checks_facts`: false for answers that rest on nothing, such as greetings. `quality`: see
    /// expectation_of().
    Examiner(std::shared_ptr<const Grounds> grounds, bool checks_facts, double quality = 0);

    /// The next whole sentence.
    void read_sentence(std::string_view sentence);
    /// The beginning of the next sentence, which will come again when it is whole. What touches the
    /// end of it is not judged: "1,4" may become "1,480".
    void read_beginning(std::string_view beginning);
    /// No sentence follows. `is_cut`: by a limit.
    void read_end(bool is_cut);
    /// Of the tokens that came; empty where the provider gives none. They count from the next
    /// reading on.
    void add_logprobs(std::span<const float> logprobs);
    /// Likewise, what a probe of the model's state says of each; `logprobs` of the same tokens, or
    /// none.
    void add_probe_logits(std::span<const float> logits, std::span<const float> logprobs);

    [[nodiscard]] const Evidence& evidence() const { return evidence_; }

  private:
    void read_form(std::string_view raw, bool is_whole);
    void read_ending(std::string_view raw);
    void note_kinds();
    [[nodiscard]] bool lacks(Wanted wanted) const;
    void read_logprobs();
    void read_probe();
    void read_language();
    void read_echo(std::string_view raw, bool is_whole);
    void read_repetition();
    void read_grounding(std::string_view raw, bool is_whole);
    void note_amounts();
    [[nodiscard]] bool is_bought(const Fact& count) const;
    void check_fact(size_t index, std::optional<size_t> title);
    void check_volume_price(const Fact& title, size_t price, size_t from);
    void check_pair(const Fact& title, const Fact& said);
    void check_prices();
    void read_claims();
    void check_words();
    void check_far_facts();
    void check_restated();
    void check_untold();
    [[nodiscard]] const Fact* only_title() const;
    void check_names(std::string_view raw);
    void check_quotes(std::string_view raw);
    void check_contradiction();
    void check_comparison();
    void check_makers();
    void check_superlative();
    void check_choice();
    void check_progress();
    void check_progress_of(std::span<const Fact* const> titles, uint8_t said);
    void check_begin_and_end();
    void check_each();
    void check_editions();
    [[nodiscard]] uint64_t edition_near(const Fact& fact) const;
    [[nodiscard]] bool is_choice() const;
    [[nodiscard]] std::vector<const Fact*> titles_in(std::pair<size_t, size_t> bytes) const;
    [[nodiscard]] const Fact* owner_of(size_t index, std::optional<size_t> title) const;
    [[nodiscard]] bool are_joined(const Fact& a, const Fact& b) const;
    [[nodiscard]] bool is_told_of(const Fact& title, const Fact& said) const;
    void check_whole();
    void check_stock();
    void check_stock_in(const Fact& title, const std::optional<Fact>& volume, Stock said);
    void check_denied_listing();
    void check_refused();
    void check_refused_answer();
    [[nodiscard]] const Fact* subject() const;
    void check_stock_of(const Fact& title, const std::optional<Fact>& volume, Stock said);
    [[nodiscard]] bool is_group_known(size_t index) const;
    [[nodiscard]] bool is_in_name(uint32_t unit) const;

    std::shared_ptr<const Grounds> grounds_;
    bool checks_facts_;
    Evidence evidence_;
    size_t sentences_ = 0;
    size_t letters_ = 0;
    bool has_sentence_ = false;  // one that ends as sentences do
    bool is_bare_fact_ = true;   // "792 yen", and nothing else
    bool has_refused_ = false;
    bool has_polarity_ = false;  // yes or no
    bool has_fact_ = false;      // of any kind
    bool has_title_ = false;
    bool has_other_title_ = false;  // one that was not in the question
    bool has_price_ = false;
    bool has_time_ = false;
    bool has_number_ = false;
    text::KeyTable shingles_;
    size_t shingle_count_ = 0;
    size_t repeated_count_ = 0;
    float beside_ = 1;  // of the sentence that comes nearest to the question
    size_t stated_words_ = 0;
    size_t restated_words_ = 0;
    size_t claim_count_ = 0;
    size_t novel_count_ = 0;
    size_t asserted_count_ = 0;
    std::optional<Fact> last_title_;  // of the sentences before
    std::optional<Fact> last_volume_;
    std::optional<Fact> last_title_before_;  // as they were before the sentence in hand
    std::optional<Fact> last_volume_before_;
    Operands amounts_before_;  // to compute with
    std::vector<float> logprobs_;
    double probe_sum_ = 0;  // of weighted logits
    double probe_weight_ = 0;
    std::vector<float> sorted_;

    // Of the sentence in hand.
    bool is_refusing_ = false;
    bool is_denying_ = false;  // is_negative()
    bool is_asking_ = false;
    Operands amounts_;
    text::Units units_;
    std::vector<Fact> facts_;
    std::vector<uint64_t> content_;
    std::vector<Claim> placed_;
    std::vector<bool> is_explained_;  // units
    std::vector<uint64_t> claims_;
    std::vector<uint64_t> pairs_;
    FactScratch scratch_;
    text::Units word_;
};

}  // namespace hayate::gate
