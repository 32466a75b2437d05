#include "test/gate/labelled_answers.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include <boost/json.hpp>

#include "core/config/model_defaults.hpp"
#include "core/text/tokens.hpp"
#include "core/text/utf8.hpp"
#include "io/store/import/folder.hpp"
#include "test/support/source_dir.hpp"

namespace hayate::test {
namespace {

namespace json = boost::json;
using understand::EntityKind;
using understand::EntityName;

std::string read_file(const std::string& name) {
    std::ifstream file(source_dir() / name);
    if (!file) {
        std::fprintf(stderr, "cannot read %s\n", name.c_str());
        std::exit(1);
    }
    std::stringstream text;
    text << file.rdbuf();
    return std::move(text).str();
}

std::string text_of(const json::object& row, std::string_view key) {
    const auto* value = row.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

/// The pieces in which a model might write it: about four Latin letters, or one or two others.
std::vector<std::string> pieces_of(const std::string& answer) {
    std::vector<std::string> pieces;
    for (size_t at = 0; at < answer.size();) {
        const size_t begin = at;
        for (size_t weight = 0; weight < 4 && at < answer.size();) {
            const size_t before = at;
            (void)text::next_code_point(answer, at);
            weight += at - before > 1 ? 2 : 1;
        }
        pieces.push_back(answer.substr(begin, at - begin));
    }
    return pieces;
}

LabelledAnswer answer_of(const json::object& row) {
    LabelledAnswer answer{.id = text_of(row, "id"),
                          .question = text_of(row, "question"),
                          .language = text_of(row, "language"),
                          .intent = text_of(row, "intent"),
                          .context = text_of(row, "context"),
                          .documents = text_of(row, "context"),
                          .model = text_of(row, "model"),
                          .is_bad = text_of(row, "label") == "bad",
                          .reason = text_of(row, "reason"),
                          .is_for_tuning = text_of(row, "split") == "tune",
                          .is_cut = text_of(row, "finish") == "length"};
    constexpr std::string_view kBegin = "<context>\n";
    constexpr std::string_view kEnd = "</context>";
    const size_t end = answer.documents.find(kEnd);
    if (end != std::string::npos) {
        answer.preferences = answer.documents.substr(end + kEnd.size());
        answer.documents = answer.documents.substr(kBegin.size(), end - kBegin.size());
    }
    const std::string text = text_of(row, "answer");
    if (const auto* lengths = row.if_contains("token_bytes")) {
        size_t at = 0;
        for (const json::value& length : lengths->as_array()) {
            answer.tokens.push_back(text.substr(at, length.to_number<size_t>()));
            at += answer.tokens.back().size();
        }
        for (const json::value& logprob : row.at("logprobs").as_array())
            answer.logprobs.push_back(logprob.to_number<float>());
        if (const auto* logits = row.if_contains("probe_logits")) {
            for (const json::value& logit : logits->as_array())
                answer.probe_logits.push_back(logit.to_number<float>());
        }
    } else {
        answer.tokens = pieces_of(text);
    }
    return answer;
}

/// Titles that are ordinary words ("Monster", "Blood") are no evidence of anything.
bool is_ordinary(std::string_view title, std::string_view prose) {
    if (title.find(' ') != std::string_view::npos || title.empty()) return false;
    std::string lower(title);
    std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
    return lower != title && prose.find(" " + lower + " ") != std::string_view::npos;
}

/// The assistant's words for genres, formats and so on, of what the catalog holds.
void add_topics(const store::FolderData& data, std::vector<EntityName>& names) {
    std::map<std::string, EntityKind> kinds;
    for (const store::Series& series : data.series->values) {
        for (const std::string& genre : series.genres) kinds[genre] = EntityKind::kGenre;
        kinds[series.demographic] = EntityKind::kAudience;
        kinds[series.status] = EntityKind::kState;
    }
    for (const store::Product& product : data.products->values) {
        if (product.kind != "volume") kinds[product.kind] = EntityKind::kFormat;
        kinds[product.language] = EntityKind::kLanguage;
    }
    for (const auto& [key, kind] : kinds) names.push_back({kind, key, key});
    for (const store::WordEntry& entry : data.words->values) {
        const auto kind = kinds.find(entry.key);
        if (kind == kinds.end()) continue;
        for (const std::string& word : entry.words)
            names.push_back({kind->second, entry.key, word});
    }
}

std::span<const float> one_of(const std::vector<float>& of_tokens, size_t token) {
    if (of_tokens.empty()) return {};
    return std::span(of_tokens).subspan(token, 1);
}

gate::GateAction feed(gate::GateMachine& machine, const LabelledAnswer& answer, size_t token) {
    return machine.feed(answer.tokens[token], one_of(answer.logprobs, token),
                        one_of(answer.probe_logits, token));
}

}  // namespace

std::vector<LabelledAnswer> load_answers() {
    std::vector<LabelledAnswer> answers;
    std::istringstream lines(read_file("test/gate/answers.jsonl"));
    for (std::string line; std::getline(lines, line);) {
        if (!line.empty()) answers.push_back(answer_of(json::parse(line).as_object()));
    }
    return answers;
}

std::vector<LabelledAnswer> load_author_answers() {
    std::map<std::string, LabelledAnswer> contexts;
    for (LabelledAnswer& answer : load_answers()) {
        if (answer.is_for_tuning) contexts.emplace(answer.id, std::move(answer));
    }
    std::vector<LabelledAnswer> answers;
    std::istringstream lines(read_file("test/gate/authors.jsonl"));
    for (std::string line; std::getline(lines, line);) {
        if (line.empty()) continue;
        const json::value row = json::parse(line);
        LabelledAnswer answer = answer_of(row.as_object());
        const LabelledAnswer& of = contexts.at(text_of(row.as_object(), "context_of"));
        answer.language = of.language;
        answer.intent = of.intent;
        answer.context = of.context;
        answer.documents = of.documents;
        answer.preferences = of.preferences;
        answer.model = "written";
        answer.is_for_tuning = true;
        answers.push_back(std::move(answer));
    }
    return answers;
}

std::shared_ptr<const understand::EntityFinder> shipped_names() {
    static const auto kFinder = [] {
        store::Problems problems;
        const auto data =
            store::read_folder(source_dir() / "assistants/mangaassist", "2026-11-25", problems);
        if (!data || !data->series) {
            std::fprintf(stderr, "cannot read the shipped catalog\n");
            std::exit(1);
        }
        std::string prose;
        for (const store::Series& series : data->series->values)
            prose += " " + series.description.en;
        for (const store::FaqEntry& faq : data->faq->values) prose += " " + faq.answer.en;
        std::vector<EntityName> names;
        for (const store::Series& series : data->series->values) {
            std::vector<std::string> titles = series.aliases;
            titles.insert(titles.end(), {series.title.en, series.title.ja, series.romaji});
            for (const std::string& title : titles)
                names.push_back({EntityKind::kTitle, series.id, title, !is_ordinary(title, prose)});
            for (const store::LocalText& author : series.authors) {
                names.push_back({EntityKind::kPerson, author.en, author.en});
                names.push_back({EntityKind::kPerson, author.en, author.ja});
            }
        }
        add_topics(*data, names);
        return std::make_shared<const understand::EntityFinder>(std::move(names), R"(MNG-\d{5})");
    }();
    return kFinder;
}

std::string shipped_system_prompt() {
    std::string text = read_file("assistants/mangaassist/prompts/system.txt");
    text.resize(text.find_last_not_of(" \t\r\n") + 1);
    return text;
}

gate::Weights shipped_weights() {
    const auto weights = gate::parse_weights(read_file("assistants/mangaassist/gate.txt"));
    if (!weights) {
        std::fprintf(stderr, "gate.txt: %s\n", weights.error().internal.c_str());
        std::exit(1);
    }
    return *weights;
}

namespace {

gate::Expected expected_of(std::string_view intent) {
    if (intent == "complaint") return gate::Expected::kHelp;
    if (intent == "faq") return gate::Expected::kAnswer;
    return intent == "recommendation" ? gate::Expected::kSuggestion : gate::Expected::kNothing;
}

}  // namespace

std::shared_ptr<const gate::Grounds> grounds_of(const LabelledAnswer& answer) {
    static const gate::Weights kShipped = shipped_weights();
    return std::make_shared<const gate::Grounds>(
        gate::GroundTexts{.documents = answer.documents,
                          .question = answer.question,
                          .conversation = answer.preferences,
                          .language = answer.language,
                          .subject = kShipped.subject,
                          .attributes = kShipped.attributes.get(),
                          .expected = expected_of(answer.intent)},
        shipped_names());
}

gate::Profile profile_for(const LabelledAnswer& answer, gate::Profile profile) {
    return answer.intent == "greeting" ? gate::Profile::kDetectors : profile;
}

double quality_of(const LabelledAnswer& answer) {
    static const auto kModels = config::default_models([](const auto&) { return std::nullopt; });
    const auto model = kModels.find(answer.model);
    return model == kModels.end() ? 0 : model->second.quality;
}

Judged judge(const LabelledAnswer& answer, std::shared_ptr<const gate::Grounds> grounds,
             gate::GateOptions options) {
    options.quality = quality_of(answer);
    gate::GateMachine machine(std::move(grounds), options);
    gate::GateAction action;
    for (size_t i = 0; i < answer.tokens.size() && action.verdict == gate::Verdict::kGoOn; ++i) {
        action = feed(machine, answer, i);
    }
    if (action.verdict == gate::Verdict::kGoOn) action = machine.finish(answer.is_cut);
    return {.is_caught = action.verdict != gate::Verdict::kGoOn,
            .is_before_any = action.verdict == gate::Verdict::kEscalate,
            .reason = action.reason,
            .probability = action.probability,
            .evidence = machine.evidence()};
}

void Rates::add(const LabelledAnswer& answer, const Judged& judged) {
    (answer.is_bad ? bad : good) += 1;
    if (judged.is_caught) (answer.is_bad ? caught : called_bad) += 1;
    if (judged.is_before_any) (answer.is_bad ? caught_early : called_bad_early) += 1;
}

std::vector<gate::Evidence> evidence_path_of(const LabelledAnswer& answer) {
    const auto profile = profile_for(answer, gate::Profile::kSentence);
    gate::GateMachine machine(
        grounds_of(answer),
        {.profile = profile, .threshold = 2.F, .quality = quality_of(answer), .weights = {}});
    std::vector<gate::Evidence> path(1);
    const auto note = [&] {
        if (machine.evidence().all() != path.back().all()) path.push_back(machine.evidence());
    };
    for (size_t i = 0; i < answer.tokens.size(); ++i) {
        (void)feed(machine, answer, i);
        note();
    }
    (void)machine.finish(answer.is_cut);
    note();
    return path;
}

gate::LabelledEvidence evidence_of(const LabelledAnswer& answer) {
    const auto profile = profile_for(answer, gate::Profile::kWhole);
    const Judged judged =
        judge(answer, grounds_of(answer), {.profile = profile, .threshold = 2.F, .weights = {}});
    return {.evidence = judged.evidence, .is_bad = answer.is_bad};
}

}  // namespace hayate::test
