#pragma once
// Grounds: what an answer may rest on, read once per turn while the model reads its prompt. Answers
// are then compared with it sentence by sentence (examiner.hpp).
//
// It knows no prompt format. Documents are plain text: paragraphs, lines, sentences. A line that is
// a question makes the next one its answer, and what stands at the beginning of lines before a ":"
// is a label, which no answer should repeat.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/gate/arithmetic.hpp"
#include "engine/gate/attributes.hpp"
#include "engine/gate/comparison.hpp"
#include "engine/gate/facts.hpp"
#include "engine/gate/phrases.hpp"
#include "engine/understand/entities.hpp"

namespace hayate::gate {

/// What the customer may expect where something was found: how poor an answer "I do not know" is.
enum class Expected : uint8_t {
    kNothing,
    kSuggestion,  // of a title; whether what was found is "something sad", nobody tells
    kAnswer,      // from the documents (FAQ), if they have the question's words
    kHelp,        // with a complaint: they say what to do
};

struct GroundTexts {
    std::string_view documents;  // as the prompt shows them: documents, orders, notes on what lacks
    std::string_view question;
    std::string_view conversation;           // the exchanges before, the profile, the cards
    std::string_view language;               // of the answer: "ja" or "en"
    std::string_view subject = {};           // Weights::subject
    const Attributes* attributes = nullptr;  // Weights::attributes
    Expected expected = Expected::kNothing;
};

enum class Source : uint8_t { kDocuments, kQuestion, kConversation };

/// A sentence of the texts and what it says.
struct Statement {
    Source source = Source::kDocuments;
    uint32_t paragraph = 0;
    uint32_t first_fact = 0;  // in Grounds::facts()
    uint32_t fact_count = 0;
    bool is_negative = false;
    bool is_question = false;
    Stock stock = Stock::kUnsaid;
    Polarity opening = Polarity::kNeither;
    uint8_t progress = 0;           // of a series (series.hpp), where it is listed among its facts
    std::vector<uint64_t> content;  // a set, as content.hpp has it
    std::vector<uint64_t> claims;   // a set, as claims.hpp has it
};

class Grounds {
  public:
    /// `finder` knows the catalog's names; it must not be null.
    Grounds(const GroundTexts& texts, std::shared_ptr<const understand::EntityFinder> finder);

    [[nodiscard]] std::string_view language() const { return language_; }
    /// Documents answer: kAnswer or kHelp.
    [[nodiscard]] bool expects_answer() const {
        return expected_ == Expected::kAnswer || expected_ == Expected::kHelp;
    }
    [[nodiscard]] const understand::EntityFinder& finder() const { return *finder_; }

    [[nodiscard]] std::span<const Statement> statements() const { return statements_; }
    [[nodiscard]] std::span<const Fact> facts_of(const Statement& statement) const {
        return std::span(facts_).subspan(statement.first_fact, statement.fact_count);
    }
    /// Known at all; and known from something other than the question.
    [[nodiscard]] bool is_known(const Fact& said) const;
    [[nodiscard]] bool is_only_asked(const Fact& said) const;
    /// The customer said it.
    [[nodiscard]] bool is_asked(const Fact& said) const;
    [[nodiscard]] Wanted wanted() const { return wanted_; }
    /// "Do you ...?": and "don't you ...?", to which "yes" may mean "no".
    [[nodiscard]] bool asks_whether() const { return asks_whether_; }
    [[nodiscard]] bool asks_negatively() const { return asks_negatively_; }
    /// It has a word, of those that claim something, that no other text has.
    [[nodiscard]] bool asks_unknown() const;
    /// It asks for an attribute (Weights::attributes) of which no other text speaks.
    [[nodiscard]] bool asks_untold() const { return !untold_.empty(); }
    /// What the question asks of makers, and for which of all that are listed.
    [[nodiscard]] Makers asked_makers() const { return asked_makers_; }
    [[nodiscard]] Superlative asked_superlative() const { return asked_superlative_; }
    /// Which of the titles that it names the question asks for, and by what; the progress is 0 if
    /// it does not speak of that.
    [[nodiscard]] bool asks_which() const { return asks_which_; }
    [[nodiscard]] std::optional<Ranking> asked_ranking() const { return asked_ranking_; }
    [[nodiscard]] uint8_t asked_progress() const { return asked_progress_; }
    /// What the title's own document says of its progress; 0 if it does not.
    [[nodiscard]] uint8_t progress_of(const Fact& title) const;
    /// That a price or a day stands beside the title only where an edition in another language than
    /// the `wanted` one is listed, although one in that language is, too. What no language is said
    /// of is in the shop's own.
    [[nodiscard]] bool is_of_other_edition(const Fact& title, const Fact& said,
                                           uint64_t wanted) const;
    /// The language of the editions that the customer asked for; 0 if none or several.
    [[nodiscard]] uint64_t asked_edition() const { return asked_edition_; }
    /// The titles that the customer named, each once.
    [[nodiscard]] std::vector<const Fact*> asked_titles() const;
    /// Whether the documents of both titles name a person in common; nothing if one names none.
    [[nodiscard]] std::optional<bool> have_a_maker_in_common(const Fact& a, const Fact& b) const;
    /// From the least to the highest price of what is listed of the titles and people that the
    /// customer named; of everything if the documents know none of those.
    [[nodiscard]] std::optional<Extent> prices_of_the_asked() const;
    /// The title's own document gives this number of volumes, or lists a set of so many.
    [[nodiscard]] bool counts_so(const Fact& title, const Fact& count) const;
    /// What one title has more of than another: "4 volumes fewer".
    [[nodiscard]] bool is_difference_of_counts(int64_t number) const;
    /// The only title that documents are about; null if there are several, or none.
    [[nodiscard]] const Fact* sole_title() const;
    /// Products of the title are listed; in this edition, if it is not 0, and with this topic.
    [[nodiscard]] bool lists(const Fact& title, uint64_t edition, const Fact* topic) const;
    /// The last volume that is listed of a title.
    [[nodiscard]] std::optional<int64_t> last_volume_of(const Fact& title) const;

    /// The customer wrote it as a name, although it is an ordinary word, too.
    [[nodiscard]] bool is_asked_by_name(const Fact& title) const;
    /// A sum or a difference of two prices that are known, or a small multiple of one; or what
    /// becomes of a price that the customer named: with another one, or as a known percentage; or
    /// what `computation` makes of amounts that the sentence does not name.
    [[nodiscard]] bool is_computable(const Fact& said, Computation computation) const;
    /// Points for one of these prices, at a rate that the documents give.
    [[nodiscard]] bool is_rewarded(const Fact& said, std::span<const int64_t> prices) const;
    /// What the customer named, to compute with.
    [[nodiscard]] const Operands& asked_amounts() const { return asked_amounts_; }
    /// There is a statement (or, with `is_near_enough`, a paragraph) with both.
    [[nodiscard]] bool are_together(const Fact& title, const Fact& said, bool is_near_enough) const;

    /// It stands beside a title somewhere; a shipping fee does not.
    [[nodiscard]] bool is_of_a_title(const Fact& said) const;
    /// Whether this volume of this title is offered, and with what is said of it (may be null).
    enum class Listing : uint8_t { kUnlisted, kOtherwise, kListed };
    [[nodiscard]] Listing listing_of(const Fact& title, const Fact& volume, const Fact* said) const;

    /// What the title's own document tells; of `volume` alone if it is not null and listed. Nothing
    /// if it does not tell.
    [[nodiscard]] std::optional<Extent> extent_of(const Fact& title, Measure measure,
                                                  const Fact* volume) const;
    /// The title that the customer named beside this one; null if none, or several.
    [[nodiscard]] const Fact* asked_beside(const Fact& title) const;

    [[nodiscard]] bool is_word_known(uint64_t token) const;
    [[nodiscard]] std::span<const uint64_t> words() const { return words_; }  // of all texts
    /// What is claimed (claims.hpp) by the question, and by all else.
    [[nodiscard]] bool is_subject(uint64_t claim) const;
    [[nodiscard]] std::span<const uint64_t> asked_claims() const { return asked_claims_; }
    /// The question's words, as content.hpp has them.
    [[nodiscard]] std::span<const uint64_t> asked_content() const { return asked_; }
    [[nodiscard]] std::span<const uint64_t> known_claims() const { return known_claims_; }
    /// The document that a sentence with these claims rests on: the one that carries most of them;
    /// of those that name `title` if it is not null and one does. Its own claims, a set; empty
    /// without documents.
    [[nodiscard]] std::span<const uint64_t> nearest_to(std::span<const uint64_t> claims,
                                                       const Fact* title) const;
    /// Of a document's claims: 0 if no document has more of the question's, 1 if it has none and
    /// another has; 0 also if none has any.
    [[nodiscard]] float distance_to_question(std::span<const uint64_t> document) const;
    /// Where documents answer (expects_answer()) and their order is retrieval's: how low the
    /// document stands that nearest_to() names, of equals the first. 0: first, or no document has
    /// any of these claims; 0.5: second; 1: below.
    [[nodiscard]] float rank_of(std::span<const uint64_t> claims, const Fact* title) const;
    /// How much less of the claims `spoken` the documents with this fact have than another: 0 none
    /// has more, or no document has the fact; 1 they have none and another has some.
    [[nodiscard]] float distance_of(const Fact& said, std::span<const uint64_t> spoken) const;
    /// How many of these claims an answer to a question has at most, of the documents: 0 to 1.
    [[nodiscard]] float share_answered(std::span<const uint64_t> claims) const;
    /// The document that carries most of these claims answers a question, and not with yes.
    [[nodiscard]] bool is_unbacked(std::span<const uint64_t> claims) const;
    /// How far the documents speak of what was asked, as far as words tell: 0 to 1.
    [[nodiscard]] float support() const { return support_; }
    /// Some document answers its question with yes, carries all these claims, and denies none.
    [[nodiscard]] bool is_affirmed(std::span<const uint64_t> claims) const;
    /// Some document denies all these claims in one sentence, and none states them in another.
    [[nodiscard]] bool is_denied(std::span<const uint64_t> claims) const;
    /// Documents speak of this claim, and only to deny something: "絶版の本は入手いたしかねます".
    [[nodiscard]] bool is_only_denied(uint64_t claim) const;
    /// Each of these facts is in one paragraph together with all others.
    [[nodiscard]] bool are_in_one(std::span<const Fact> said) const;
    /// The sentence is taken from an answer to another question, although there is a nearer one.
    [[nodiscard]] bool is_off_topic(std::span<const uint64_t> content) const;

    /// The question and those of the documents, as sets of pairs.
    [[nodiscard]] std::span<const std::vector<uint64_t>> questions() const { return questions_; }
    /// What the documents' answer to the nearest question begins with, and how sure it is, 0 to 1,
    /// that this is the question.
    [[nodiscard]] Polarity answer_polarity() const { return answer_polarity_; }
    [[nodiscard]] float polarity_trust() const { return polarity_trust_; }
    [[nodiscard]] bool begins_with_label(std::string_view normalised) const;

  private:
    void read(std::string_view text, Source source);
    void read_line(std::string_view line, Source source);
    void read_statement(std::string_view sentence, Source source);
    void read_label();
    void read_asked_names(std::string_view question);
    void read_answer_polarity(std::string_view answer);
    void collect_documents();
    [[nodiscard]] bool is_in_paragraph(const Fact& fact, uint32_t paragraph) const;
    /// A document is of the title that it names first.
    [[nodiscard]] bool is_document_of(uint32_t paragraph, const Fact& title) const;
    void find_nearest_answer();
    [[nodiscard]] bool holds_wanted() const;
    [[nodiscard]] bool holds_ranking() const;
    [[nodiscard]] bool is_computed_from_asked(int64_t value) const;
    [[nodiscard]] bool is_total_of_counts(const Fact& said) const;
    [[nodiscard]] bool is_difference_of_two(const Fact& said) const;
    [[nodiscard]] bool is_total_of_listed(int64_t price, Computation computation) const;
    [[nodiscard]] bool lists_a_title() const;
    void weigh_support();

    std::shared_ptr<const understand::EntityFinder> finder_;
    std::string language_;
    Expected expected_;
    std::vector<Statement> statements_;
    std::vector<Fact> facts_;
    Operands asked_amounts_;
    std::vector<uint64_t> words_;  // a set
    struct Document {
        std::vector<uint64_t> claims;  // a set
        uint32_t paragraph = 0;
        bool is_retrieved = false;  // else of the conversation
    };
    /// The one that carries most of `claims`, as nearest_to() has it; null without documents.
    [[nodiscard]] const Document* nearest_document(std::span<const uint64_t> claims,
                                                   const Fact* title) const;
    std::vector<Document> documents_;
    std::vector<uint64_t> subject_;
    std::vector<uint64_t> asked_claims_;  // sets
    std::vector<uint64_t> known_claims_;
    std::vector<std::vector<uint64_t>> questions_;  // sets
    std::vector<std::string> labels_;
    struct QuestionLine {
        std::vector<uint64_t> content;
        Polarity answer = Polarity::kNeither;
        float certainty = 0;  // of the polarity
        uint32_t paragraph = 0;
        float nearness = 0;  // to the customer's question
    };
    std::vector<QuestionLine> question_lines_;
    std::vector<uint64_t> asked_;  // the content of the customer's question
    Polarity answer_polarity_ = Polarity::kNeither;
    float polarity_trust_ = 0;
    Wanted wanted_ = Wanted::kAnything;
    Makers asked_makers_ = Makers::kUnsaid;
    Superlative asked_superlative_ = Superlative::kNone;
    const Attributes* attributes_ = nullptr;  // while texts are read
    std::vector<size_t> untold_;              // of them
    std::optional<Ranking> asked_ranking_;
    uint64_t asked_edition_ = 0;
    uint8_t asked_progress_ = 0;
    bool asks_which_ = false;
    bool asks_whether_ = false;
    bool asks_negatively_ = false;
    std::vector<uint64_t> asked_names_;  // ids of titles
    float nearest_ = 0;                  // of question_lines_
    bool is_title_known_ = false;
    uint32_t first_paragraph_ = 0;  // of the documents
    float support_ = 0;
    uint32_t paragraph_ = 0;
    bool is_after_question_ = false;
    text::Units units_;
    FactScratch scratch_;
    std::vector<Fact> found_;
};

}  // namespace hayate::gate
