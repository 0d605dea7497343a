using System.Globalization;
using System.Management.Automation;
using AzsBackup.Composition;
using AzsBackup.Engine.Capture;
using AzsBackup.Engine.Comparison;
using AzsBackup.Engine.Stacks;
using AzsBackup.Input;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;

namespace AzsBackup.Commands;

/// <summary>Compares two captures, or a capture with what a stack has now.</summary>
[Cmdlet(VerbsData.Compare, "AzsResourceConfig", DefaultParameterSetName = WithStack)]
[OutputType(typeof(AzsResourceDifference))]
public sealed class CompareAzsResourceConfigCommand : AsyncCmdlet
{
    private const string WithStack = "Stack";
    private const string WithCapture = "Capture";

    private string _reference = "";
    private string? _difference;
    private string? _page;
    private IStack? _stack;
    private CultureInfo _culture = CultureInfo.InvariantCulture;

    [Parameter(Mandatory = true, Position = 0, HelpMessage = "The folder of the capture to compare with: what was.")]
    public string ReferencePath { get; set; } = "";

    [Parameter(ParameterSetName = WithCapture, Mandatory = true, Position = 1, HelpMessage = "The folder of the other capture: what is.")]
    public string DifferencePath { get; set; } = "";

    [Parameter(ParameterSetName = WithStack, HelpMessage = "The stack to read what is: a connection or its name; the default one if left out.")]
    [StackName]
    [ArgumentCompleter(typeof(StackNameCompleter))]
    public AzsStackConnection? Stack { get; set; }

    [Parameter(ParameterSetName = WithStack, HelpMessage = "The subscription to read; what the reference was made of if left out.")]
    public string? SubscriptionId { get; set; }

    [Parameter(ParameterSetName = WithStack, HelpMessage = "The resource group to read; what the reference was made of if left out.")]
    public string? ResourceGroupName { get; set; }

    [Parameter(ParameterSetName = WithStack, HelpMessage = "How many resources are read at once.")]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 8;

    [Parameter(HelpMessage = "Properties that do not count, by name or path; wildcards are allowed.")]
    [SupportsWildcards]
    public string[] ExcludeProperty { get; set; } = [];

    [Parameter(HelpMessage = "Also what a stack sets by itself: states, times, references back.")]
    public SwitchParameter IncludeReadOnly { get; set; }

    [Parameter(HelpMessage = "Also one object for each resource that is the same.")]
    public SwitchParameter IncludeEqual { get; set; }

    [Parameter(HelpMessage = "Also write the differences as a page to this HTML file.")]
    public string? HtmlPath { get; set; }

    [Parameter(HelpMessage = "The page's language: that of this culture, English or Japanese.")]
    public CultureInfo? Culture { get; set; }

    /// <inheritdoc/>
    protected override void Prepare()
    {
        _reference = SessionPath.Resolve(this, ReferencePath);
        if (ParameterSetName == WithCapture) _difference = SessionPath.Resolve(this, DifferencePath);
        else _stack = StackSessions.OfProcess.Resolve(Stack);
        if (HtmlPath is not null) _page = SessionPath.Resolve(this, HtmlPath);
        _culture = Culture ?? CultureInfo.CurrentUICulture;
    }

    /// <inheritdoc/>
    protected override async Task ProcessAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        var reference = await CaptureContent.OpenFolderAsync(_reference, cancellationToken).ConfigureAwait(false);
        if (_stack is null)
        {
            var difference = await CaptureContent.OpenFolderAsync(_difference!, cancellationToken).ConfigureAwait(false);
            await CompareAsync(reference, difference, output, cancellationToken).ConfigureAwait(false);
            return;
        }

        var capture = new CaptureInMemory(_stack.HostName);
        var scopes = SubscriptionId is null && ResourceGroupName is null
            ? reference.Scopes
            : [new CaptureScope(null, ResourceGroupName, SubscriptionId).ToId(_stack.Connection.SubscriptionId)];
        var options = new CaptureOptions { Scopes = scopes, ThrottleLimit = ThrottleLimit };
        await foreach (var read in Engines.Capture(_stack, output.Log).RunAsync(options, capture, cancellationToken).ConfigureAwait(false))
        {
            if (read.Status == AzsCaptureStatus.Failed) output.Log.Warning($"{read.ResourceId} could not be read: {read.Reason}");
        }

        await CompareAsync(reference, capture.Content, output, cancellationToken).ConfigureAwait(false);
    }

    private async Task CompareAsync(CaptureContent reference, CaptureContent difference, CommandOutput output, CancellationToken cancellationToken)
    {
        var patterns = Array.ConvertAll(ExcludeProperty, pattern => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase));
        var options = new ComparisonOptions
        {
            IncludeEqual = IncludeEqual,
            IncludeReadOnly = IncludeReadOnly,

            // A path as it stands in a difference has brackets, which a pattern would take for letters to choose from.
            Excludes = path => ExcludeProperty.Contains(path, StringComparer.OrdinalIgnoreCase) || Array.Exists(patterns, pattern => pattern.IsMatch(path)),
        };
        var comparison = new ResourceComparison(reference, difference, options);
        var differences = new List<AzsResourceDifference>();
        await foreach (var found in comparison.RunAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_page is not null) differences.Add(found);
            await output.WriteAsync(found, cancellationToken).ConfigureAwait(false);
        }

        if (comparison.OutOfScope > 0)
        {
            var left = $"{comparison.OutOfScope} resources are in one of the two only because the other was not made of the place they are in. They were not compared.";

            // Who asks for a part of the stack knows that it is a part.
            if (SubscriptionId is null && ResourceGroupName is null) output.Log.Warning(left);
            else output.Log.Verbose(left);
        }

        if (_page is null) return;
        var page = ComparisonReport.ToHtml(reference, difference, differences, comparison.OutOfScope, _culture);
        await OutputFile.WriteAsync(_page, page, cancellationToken).ConfigureAwait(false);
    }
}
